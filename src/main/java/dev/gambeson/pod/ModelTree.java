package dev.gambeson.pod;

import io.fabric8.kubernetes.api.model.KubernetesResource;
import io.fabric8.kubernetes.api.model.Quantity;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * An object of the model as maps, lists and values, without what the API server drops because it
 * says nothing: {@code false}, an empty text, list, map or object.
 */
final class ModelTree {
  private static final ClassValue<List<Field>> FIELDS =
      new ClassValue<>() {
        @Override
        protected List<Field> computeValue(Class<?> type) {
          return Stream.of(type.getDeclaredFields())
              .filter(field -> !Modifier.isStatic(field.getModifiers()))
              .peek(field -> field.setAccessible(true))
              .toList();
        }
      };

  private ModelTree() {}

  /** The fields of the object that say something, by name. */
  static Map<String, Object> of(KubernetesResource object) {
    var fields = new LinkedHashMap<String, Object>();
    for (var field : FIELDS.get(object.getClass())) {
      try {
        put(fields, field.getName(), field.get(object));
      } catch (IllegalAccessException e) {
        throw new IllegalStateException(e);
      }
    }
    return fields;
  }

  private static @Nullable Object tree(@Nullable Object value) {
    var tree =
        switch (value) {
          case Boolean flag -> flag ? flag : "";
          case Quantity quantity -> amount(quantity);
          case List<?> list -> list.stream().map(ModelTree::tree).toList();
          case Map<?, ?> map -> entries(map);
          case KubernetesResource object -> of(object);
          case null, default -> value;
        };
    boolean empty =
        switch (tree) {
          case null -> true;
          case String text -> text.isEmpty();
          case List<?> list -> list.isEmpty();
          case Map<?, ?> map -> map.isEmpty();
          default -> false;
        };
    return empty ? null : tree;
  }

  private static Map<String, Object> entries(Map<?, ?> map) {
    var entries = new LinkedHashMap<String, Object>();
    map.forEach((key, value) -> put(entries, String.valueOf(key), value));
    return entries;
  }

  private static void put(Map<String, Object> map, String key, @Nullable Object value) {
    var tree = tree(value);
    if (tree != null) {
      map.put(key, tree);
    }
  }

  /** The same for quantities of the same amount; of one that is out of range, its text. */
  private static Object amount(Quantity quantity) {
    try {
      return quantity.getNumericalAmount().stripTrailingZeros();
    } catch (ArithmeticException | IllegalArgumentException e) {
      return quantity.toString();
    }
  }
}
