package dev.gambeson.advice;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.gambeson.pod.ContainerRef;
import dev.gambeson.pod.FieldPath;
import dev.gambeson.rule.Removal;
import dev.gambeson.rule.Violation;
import dev.gambeson.yaml.CommentedValue;
import dev.gambeson.yaml.YamlWriter;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The YAML that fixes violations, merged into one piece to paste: objects by their fields, elements
 * of lists by their names, other lists as a whole. What has to go is marked {@code # remove}: a
 * field, which is null there (the API server takes that for absent), or an element, by its name or,
 * where it has none, by all of its fields.
 */
public final class Snippet {
  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static final String REMOVE = "remove";
  private static final CommentedValue NO_FIELD = new CommentedValue(null, REMOVE);

  /** What tells the ports of a container from each other, as the Kubernetes API merges them. */
  private static final List<String> OF_A_PORT = List.of("containerPort", "protocol");

  /** What API validation refuses in the spec of a pod that says it is for Windows. */
  private static final List<String> LINUX_IN_SPEC =
      List.of("hostPID", "hostIPC", "hostUsers", "shareProcessNamespace", "resources");

  /** Likewise in a security context of such a pod, its own or one of a container. */
  private static final List<String> LINUX_IN_SECURITY_CONTEXT =
      List.of(
          "allowPrivilegeEscalation",
          "appArmorProfile",
          "capabilities",
          "fsGroup",
          "fsGroupChangePolicy",
          "privileged",
          "procMount",
          "readOnlyRootFilesystem",
          "runAsGroup",
          "runAsUser",
          "seLinuxChangePolicy",
          "seLinuxOptions",
          "seccompProfile",
          "supplementalGroups",
          "supplementalGroupsPolicy",
          "sysctls");

  private Snippet() {}

  /**
   * The YAML that fixes what of these violations can be fixed by setting or removing a field; empty
   * where none can. Where two ask for the same field, the stricter Pod Security level is heard.
   *
   * @param pod the pod in which the violations were found: elements of lists are shown by their
   *     names in it
   * @param prefix where the pod stands in what the YAML is pasted into
   */
  public static String yaml(List<Violation> violations, JsonNode pod, FieldPath prefix) {
    var tree = new Branch();
    var strictestLast =
        violations.stream()
            .sorted(
                Comparator.comparing(
                    Violation::level, Comparator.nullsFirst(Comparator.naturalOrder())));
    // The first of each field decides where it stands, the last what it says.
    Stream.concat(violations.stream(), strictestLast)
        .forEach(violation -> {
          var segments = violation.path().segments();
          switch (violation.remedy()) {
            case null -> {}
            case Removal.FIELD -> tree.set(segments, NO_FIELD);
            case Removal.ELEMENT -> tree.at(element(segments)).removed = true;
            case Object value -> tree.set(segments, withComments(value));
          }
        });
    removeMounts(tree, pod);
    if ("windows".equals(tree.at(List.of("spec", "os")).children.get("name"))) {
      removeLinuxFields(tree, pod);
    }
    var nested = tree.plain(pod);
    if (nested == null) {
      return "";
    }
    for (var segment : prefix.segments().reversed()) {
      nested = Map.of(segment, nested);
    }
    // As everywhere in a message: nothing that breaks a line or turns its direction.
    return YamlWriter.writeAscii(nested);
  }

  /** The value as scalars, maps and lists, whose comments stay. */
  private static Object withComments(Object value) {
    return switch (value) {
      case CommentedValue commented -> commented;
      case Map<?, ?> map -> {
        var fields = new LinkedHashMap<Object, Object>();
        map.forEach((key, each) -> fields.put(key, withComments(each)));
        yield fields;
      }
      default -> MAPPER.convertValue(value, Object.class);
    };
  }

  private static List<Object> element(List<Object> segments) {
    int end = segments.size();
    while (!(segments.get(end - 1) instanceof Integer)) {
      end--;
    }
    return segments.subList(0, end);
  }

  /** A volume that goes takes its mounts with it. */
  private static void removeMounts(Branch tree, JsonNode pod) {
    var volumes = new HashSet<String>();
    tree.at(List.of("spec", "volumes"))
        .children
        .forEach((position, child) -> {
          if (child instanceof Branch volume && volume.removed) {
            volumes.add(pod.at("/spec/volumes/" + position + "/name").asText());
          }
        });
    for (var kind : ContainerRef.Kind.values()) {
      var containers = pod.path("spec").path(kind.field());
      for (int i = 0; i < containers.size() && !volumes.isEmpty(); i++) {
        var mounts = containers.path(i).path("volumeMounts");
        var seen = new HashSet<String>();
        for (int j = 0; j < mounts.size(); j++) {
          var name = mounts.path(j).path("name").asText();
          if (volumes.contains(name) && seen.add(name)) {
            tree.at(List.of("spec", kind.field(), i, "volumeMounts", j)).removed = true;
          }
        }
      }
    }
  }

  /** A pod that is to say it is for Windows goes without what only Linux has. */
  private static void removeLinuxFields(Branch tree, JsonNode pod) {
    remove(LINUX_IN_SPEC, List.of("spec"), tree, pod);
    remove(LINUX_IN_SECURITY_CONTEXT, List.of("spec", "securityContext"), tree, pod);
    for (var kind : ContainerRef.Kind.values()) {
      for (int i = 0; i < pod.path("spec").path(kind.field()).size(); i++) {
        var place = List.<Object>of("spec", kind.field(), i, "securityContext");
        remove(LINUX_IN_SECURITY_CONTEXT, place, tree, pod);
      }
    }
  }

  private static void remove(List<String> fields, List<Object> place, Branch tree, JsonNode pod) {
    var here = pod.at(FieldPath.of(place).pointer());
    fields.stream()
        .filter(here::hasNonNull)
        .forEach(field -> tree.at(place).children.put(field, NO_FIELD));
  }

  /** An object or list under construction; the leaves are values. */
  private static final class Branch {
    private final Map<Object, Object> children = new LinkedHashMap<>();
    private boolean removed;

    /** The branch at that place; one that counts for nothing where a value stands above it. */
    Branch at(List<Object> segments) {
      var here = this;
      for (var segment : segments) {
        here =
            here.children.computeIfAbsent(segment, key -> new Branch()) instanceof Branch branch
                ? branch
                : new Branch();
      }
      return here;
    }

    void set(List<Object> segments, Object value) {
      at(segments.subList(0, segments.size() - 1)).children.put(segments.getLast(), value);
    }

    /** As maps and lists; null where there is nothing to say. */
    @Nullable Object plain(JsonNode here) {
      boolean list =
          !children.isEmpty() && children.keySet().stream().allMatch(Integer.class::isInstance);
      return list ? list(here) : object(here);
    }

    private @Nullable Object object(JsonNode here) {
      var object = new LinkedHashMap<String, Object>();
      children.forEach((field, child) -> {
        var plain = plain(child, here.path(field.toString()));
        if (plain != null) {
          object.put(field.toString(), plain);
        }
      });
      return object.isEmpty() ? null : object;
    }

    private @Nullable Object list(JsonNode here) {
      var elements = new ArrayList<>();
      new TreeMap<>(children)
          .forEach((position, child) -> {
            var there = here.path((Integer) position);
            if (child instanceof Branch branch && branch.removed) {
              var removal = removal(there);
              if (!removal.isEmpty()) {
                elements.add(removal);
              }
              return;
            }
            var plain = plain(child, there);
            if (plain instanceof Map<?, ?> fields) {
              plain = element(fields, there, !(child instanceof Branch));
            }
            if (plain != null) {
              elements.add(plain);
            }
          });
      return elements.isEmpty() ? null : elements;
    }

    /** The element to remove: its name or, where it has none, all of its scalars. */
    private static Map<String, Object> removal(JsonNode there) {
      var name = there.path("name");
      if (name.isTextual()) {
        return Map.of("name", new CommentedValue(name.textValue(), REMOVE));
      }
      var fields = new LinkedHashMap<String, Object>();
      there
          .properties()
          .forEach(field -> {
            if (field.getValue().isValueNode() && !field.getValue().isNull()) {
              var value = MAPPER.convertValue(field.getValue(), Object.class);
              fields.put(field.getKey(), new CommentedValue(value, REMOVE));
            }
          });
      return fields;
    }

    /** The fields after those that tell which element they are for. */
    private static Object element(Map<?, ?> fields, JsonNode there, boolean whole) {
      var element = new LinkedHashMap<Object, Object>();
      var name = there.path("name");
      if (name.isTextual()) {
        element.put("name", name.textValue());
      }
      for (var field : OF_A_PORT) {
        if (there.has("containerPort") && there.has(field)) {
          element.put(field, MAPPER.convertValue(there.get(field), Object.class));
        }
      }
      if (whole) {
        there.fieldNames().forEachRemaining(field -> element.putIfAbsent(field, NO_FIELD));
      }
      element.putAll(fields);
      return element;
    }

    private static @Nullable Object plain(Object child, JsonNode there) {
      return child instanceof Branch branch ? branch.plain(there) : child;
    }
  }
}
