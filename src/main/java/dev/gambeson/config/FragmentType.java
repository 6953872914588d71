package dev.gambeson.config;

import com.fasterxml.jackson.annotation.JsonSetter;
import com.fasterxml.jackson.annotation.Nulls;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.exc.MismatchedInputException;
import com.fasterxml.jackson.databind.exc.PropertyBindingException;
import com.fasterxml.jackson.databind.introspect.Annotated;
import com.fasterxml.jackson.databind.introspect.JacksonAnnotationIntrospector;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gambeson.admission.StrictModel;
import dev.gambeson.pod.FieldPath;
import io.fabric8.kubernetes.api.model.KubernetesResource;
import io.fabric8.kubernetes.api.model.Quantity;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * Parts of a pod, as the Kubernetes API spells them: an unknown field and a value of another type
 * are mistakes here, and nothing is converted.
 *
 * @param type a class of the model
 */
record FragmentType(Class<?> type) implements ValueType {
  private static final JsonMapper MAPPER =
      StrictModel.configure(JsonMapper.builder())
          .annotationIntrospector(new EveryFieldIsKnown())
          .enable(
              DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES,
              DeserializationFeature.FAIL_ON_IGNORED_PROPERTIES)
          .defaultSetterInfo(JsonSetter.Value.construct(Nulls.SKIP, Nulls.FAIL))
          .build();

  static boolean isFragment(Class<?> type) {
    return KubernetesResource.class.isAssignableFrom(type) && type != Quantity.class;
  }

  @Override
  public @Nullable Object read(JsonNode node, FieldPath path, ProblemReporter problems) {
    if (!node.isObject()) {
      problems.report(path, "must be " + wanted() + ", not " + ValueInWords.of(node));
      return null;
    }
    var rest = node.<ObjectNode>deepCopy();
    boolean whole = true;
    while (true) {
      try {
        var read = MAPPER.treeToValue(rest, type);
        return whole ? read : null;
      } catch (JsonMappingException e) {
        problems.report(StrictModel.path(e).under(path), message(e, rest));
        whole = false;
        if (!remove(rest, StrictModel.path(e))) {
          return null;
        }
      } catch (JsonProcessingException e) {
        throw new IllegalStateException(e);
      }
    }
  }

  private static String message(JsonMappingException e, JsonNode node) {
    return switch (e) {
      case PropertyBindingException unknown ->
          "the Kubernetes API has no such field"
              + Suggestion.text(
                  unknown.getPropertyName(),
                  unknown.getKnownPropertyIds().stream().map(Object::toString).toList());
      case MismatchedInputException other ->
          "must be "
              + StrictModel.wanted(other.getTargetType())
              + ", not "
              + ValueInWords.of(node.at(StrictModel.path(e).pointer()));
      default -> "is not what the Kubernetes API takes there";
    };
  }

  /** Takes out what was reported, so that the rest is read; returns whether anything was there. */
  private static boolean remove(ObjectNode node, FieldPath path) {
    var at = path;
    while (!at.isRoot() && !(at.last() instanceof String)) {
      at = at.parent();
    }
    return !at.isRoot()
        && node.at(at.parent().pointer()) instanceof ObjectNode map
        && map.remove((String) at.last()) != null;
  }

  @Override
  public JsonNode write(Object value) {
    try {
      return MAPPER.readTree(MAPPER.writeValueAsBytes(value));
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public ObjectNode schema() {
    return JsonNodeFactory.instance
        .objectNode()
        .put("type", "object")
        .put("title", type.getSimpleName());
  }

  @Override
  public String wanted() {
    return "a " + type.getSimpleName() + " as the Kubernetes API spells it";
  }

  /** The model keeps fields that it does not know, so that a pod survives; a typo must not. */
  private static final class EveryFieldIsKnown extends JacksonAnnotationIntrospector {
    private static final long serialVersionUID = 1L;

    @Override
    public Boolean hasAnySetter(Annotated annotated) {
      return false;
    }
  }
}
