package dev.gambeson.pod;

import java.util.function.BiConsumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A field that holds an object, which is created when something is first written to it.
 *
 * @param name as the Kubernetes API spells it
 * @param get the object; null where there is none
 * @param set puts it there
 * @param make an object without fields
 * @param <T> the object that has the field
 * @param <C> the object in it
 */
public record ObjectField<T, C>(
    String name, Function<T, @Nullable C> get, BiConsumer<T, C> set, Supplier<C> make) {}
