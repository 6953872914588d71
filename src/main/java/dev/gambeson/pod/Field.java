package dev.gambeson.pod;

import java.util.function.BiConsumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A field of an object in a pod.
 *
 * @param name as the Kubernetes API spells it
 * @param get its value; null where the object has none
 * @param set gives it a value; null removes it
 * @param <T> the object
 * @param <V> the value
 */
public record Field<T, V>(
    String name, Function<T, @Nullable V> get, BiConsumer<T, @Nullable V> set) {}
