package dev.gambeson.review;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gambeson.pod.FieldPath;
import dev.gambeson.pod.PodTemplate;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Finds the pod templates of an object whose kind Kubernetes does not define, by their shape: a
 * part with a {@code spec} whose {@code containers} all have an image.
 */
final class TemplateSearch {
  /** Their objects describe other objects, or none that runs. */
  private static final Set<String> GROUPS_WITHOUT = Set.of("apiextensions.k8s.io", "gambeson.dev");

  private static final Set<String> PARTS_WITHOUT = Set.of("metadata", "status");

  /** What stands there is compared with pods, or merged into some. */
  private static final Pattern PART_OF_A_POD =
      Pattern.compile("patch.*|.*pattern|.*schema|overlays?", Pattern.CASE_INSENSITIVE);

  private static final Pattern IMAGE = Pattern.compile("[^\\s*?!|&]+");
  private static final Pattern NAME = Pattern.compile("[^*?!|&]*");

  private final List<PodTemplate> found = new ArrayList<>();

  private TemplateSearch() {}

  /** The templates in an object; none where Kubernetes defines its kind. */
  static List<PodTemplate> in(KubernetesObject object) {
    var group = object.apiVersion().replaceFirst("/.*", "");
    var search = new TemplateSearch();
    // The API server takes no group of other objects without a dot.
    if (group.contains(".") && !GROUPS_WITHOUT.contains(group)) {
      for (var part : object.value().properties()) {
        if (!PARTS_WITHOUT.contains(part.getKey())) {
          search.add(part.getKey(), part.getValue(), FieldPath.ROOT);
        }
      }
    }
    return search.found;
  }

  private void add(String key, JsonNode value, FieldPath parent) {
    if (!PART_OF_A_POD.matcher(key).matches()) {
      add(value, parent.field(key));
    }
  }

  private void add(JsonNode value, FieldPath path) {
    if (value.isArray()) {
      for (int i = 0; i < value.size(); i++) {
        add(value.path(i), path.index(i));
      }
    } else if (isTemplate(value)) {
      found.add(new PodTemplate(path, null));
    } else {
      value.properties().forEach(field -> add(field.getKey(), field.getValue(), path));
    }
  }

  private static boolean isTemplate(JsonNode value) {
    var containers = value.path("spec").path("containers");
    return containers.isArray()
        && !containers.isEmpty()
        && containers.valueStream().allMatch(TemplateSearch::isContainer);
  }

  private static boolean isContainer(JsonNode value) {
    var image = value.path("image");
    var name = value.path("name");
    return image.isTextual()
        && IMAGE.matcher(image.textValue()).matches()
        && (name.isMissingNode() || (name.isTextual() && NAME.matcher(name.textValue()).matches()));
  }
}
