package dev.gambeson.config;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.gambeson.rule.Doc;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * How the configuration writes records: as objects with a key for each component. A component that
 * may be null may be left out, its {@link Doc} describes it, and {@link JsonProperty} gives it a
 * name that Java does not allow.
 */
final class RecordType {
  private RecordType() {}

  static ObjectType of(Class<?> type) {
    return of(type, Map.of());
  }

  /** With the types of components whose class does not say everything. */
  static ObjectType of(Class<?> type, Map<String, ValueType> given) {
    var names = Stream.of(type.getRecordComponents()).map(RecordComponent::getName).toList();
    if (!names.containsAll(given.keySet())) {
      throw new IllegalArgumentException(type + " has no component for some of " + given.keySet());
    }
    var components =
        Stream.of(type.getRecordComponents()).map(each -> component(each, given)).toList();
    return new ObjectType(components, maker(type));
  }

  private static Component component(RecordComponent component, Map<String, ValueType> given) {
    var accessor = component.getAccessor();
    accessor.setAccessible(true);
    var spelt = accessor.getAnnotation(JsonProperty.class);
    var type = given.get(component.getName());
    var doc = component.getAnnotation(Doc.class);
    return new Component(
        spelt == null ? component.getName() : spelt.value(),
        type == null ? typeOf(component.getGenericType()) : type,
        component.getAnnotatedType().isAnnotationPresent(Nullable.class),
        doc == null ? "" : doc.value().strip(),
        value -> {
          try {
            return accessor.invoke(value);
          } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
          }
        },
        null);
  }

  /**
   * The type of a record's component.
   *
   * @throws IllegalArgumentException if the configuration cannot write such values
   */
  private static ValueType typeOf(Type type) {
    if (type instanceof ParameterizedType generic) {
      var arguments = generic.getActualTypeArguments();
      if (generic.getRawType() == List.class) {
        return new ListType(typeOf(arguments[0]));
      }
      if (generic.getRawType() == Map.class && arguments[0] == String.class) {
        return new MapType(typeOf(arguments[1]));
      }
    }
    if (type instanceof Class<?> plain) {
      if (FragmentType.isFragment(plain)) {
        return new FragmentType(plain);
      }
      return plain.isRecord() && !ScalarType.RECORDS.contains(plain)
          ? of(plain)
          : ScalarType.of(plain);
    }
    throw new IllegalArgumentException("no configuration of type " + type);
  }

  private static Function<List<@Nullable Object>, Object> maker(Class<?> type) {
    Constructor<?> constructor;
    try {
      constructor =
          type.getDeclaredConstructor(
              Stream.of(type.getRecordComponents())
                  .map(RecordComponent::getType)
                  .toArray(Class[]::new));
    } catch (NoSuchMethodException e) {
      throw new IllegalStateException(e);
    }
    constructor.setAccessible(true);
    return arguments -> {
      try {
        return constructor.newInstance(arguments.toArray());
      } catch (InvocationTargetException e) {
        if (e.getCause() instanceof IllegalArgumentException refused) {
          throw refused;
        }
        throw new IllegalStateException(e);
      } catch (ReflectiveOperationException e) {
        throw new IllegalStateException(e);
      }
    };
  }
}
