package dev.gambeson.explain;

import static dev.gambeson.explain.Idea.Advice;

import dev.gambeson.pod.FieldPath;
import dev.gambeson.yaml.CommentedValue;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** The ways to help that several symptoms share, or that take more than a value. */
final class Ideas {
  private static final Pattern QUANTITY = Pattern.compile("([0-9]{1,15})([a-zA-Z]{0,2})");

  private static final Pattern MAKES_DIRECTORY =
      Pattern.compile("mkdir|directory", Pattern.CASE_INSENSITIVE);

  /** What an image has there, its programs among it, would be hidden by a volume. */
  private static final Set<String> OF_THE_SYSTEM =
      Set.of(
          "/",
          "/bin",
          "/sbin",
          "/lib",
          "/lib64",
          "/usr",
          "/usr/bin",
          "/usr/lib",
          "/usr/sbin",
          "/usr/local",
          "/usr/local/bin",
          "/etc",
          "/dev",
          "/proc",
          "/sys",
          "/var",
          "/opt",
          "/app");

  static final FieldPath FS_GROUP = FieldPath.of("spec", "securityContext", "fsGroup");
  static final String GROUP = "a group ID, 3000 for example";

  private Ideas() {}

  /** A value that only the author knows. */
  static CommentedValue fillIn(String what) {
    return new CommentedValue(null, "FILL IN: " + what);
  }

  /** Writes a field of the pod. */
  static Idea set(String what, FieldPath path, Object value) {
    return (hit, field) -> Optional.of(new Advice(what, List.of(new Setting(path, value))));
  }

  /** Writes twice the quantity that was filled in. */
  static Idea twice(String what) {
    return (hit, field) ->
        Optional.of(new Advice(hit.fill(what), List.of(new Setting(field.path(), twice(field)))));
  }

  private static Object twice(FilledField field) {
    var quantity = QUANTITY.matcher(field.value().asText());
    if (!quantity.matches()) {
      return fillIn("what it needs");
    }
    long amount = 2 * Long.parseLong(quantity.group(1));
    var unit = quantity.group(2);
    return new CommentedValue(
        unit.equals("Mi") && amount % 1024 == 0 ? amount / 1024 + "Gi" : amount + unit,
        "twice what was filled in: measure what it needs");
  }

  /** Adds capabilities to none, for a container that stays as bounded as it is otherwise. */
  static Idea addCapabilities(String what, String... names) {
    return (hit, field) ->
        hit.containerPath()
            .map(container -> {
              var context = container.field("securityContext");
              var capabilities = new LinkedHashMap<String, Object>();
              capabilities.put("drop", List.of("ALL"));
              capabilities.put("add", List.of(names));
              return new Advice(
                  hit.fill(what),
                  hit.filled("AllowPrivilegeEscalation")
                      // Its fix leaves out containers that add capabilities.
                      ? List.of(
                          new Setting(context.field("allowPrivilegeEscalation"), false),
                          new Setting(context.field("capabilities"), capabilities))
                      : List.of(new Setting(context.field("capabilities"), capabilities)));
            });
  }

  /** Sets a kernel parameter of the pod that every kubelet lets pods set. */
  static Idea sysctl(String what, String name, String value) {
    return (hit, field) ->
        hit.at(ObservedPod.SPEC).path("hostNetwork").asBoolean()
            ? Optional.empty()
            : Idea.append(what, named(name, value), "spec", "securityContext", "sysctls")
                .of(hit, field);
  }

  /** {@code {name: TZ, value: UTC}}, in this order. */
  static Map<String, Object> named(String name, String value) {
    var element = new LinkedHashMap<String, Object>();
    element.put("name", name);
    element.put("value", value);
    return element;
  }

  /** Mounts an empty directory where the container writes. */
  static Optional<Advice> mountDirectory(Hit hit, FilledField field) {
    var path = hit.word("path");
    if (path.isEmpty()) {
      return Optional.empty();
    }
    var parent = LogPath.directory(path);
    boolean makesDirectory = MAKES_DIRECTORY.matcher(hit.sign().message()).find();
    var directory = OF_THE_SYSTEM.contains(parent) && makesDirectory ? path : parent;
    return OF_THE_SYSTEM.contains(directory)
        ? Optional.empty()
        : mount(
            directory,
            Map.of(),
            "Mount an empty directory at %s; what the image has there is hidden by it. For all pods, the option writable of ReadOnlyRootFilesystem does the same"
                .formatted(directory),
            hit);
  }

  /** Gives a volume a larger limit; one that a fix mounted is replaced by the author's own. */
  static Idea largerVolume(String what) {
    return (hit, field) -> {
      var place = field.path().parent().parent();
      if (hit.pod().filled().stream().noneMatch(each -> each.path().equals(place))) {
        return twice("Give the volume a limit of its own").of(hit, field);
      }
      var volume = hit.at(place).path("name").asText();
      for (var container : hit.pod().containers().entrySet()) {
        for (var mount : hit.at(container.getValue()).path("volumeMounts")) {
          if (mount.path("name").asText().equals(volume)) {
            var inContainer = new Hit(hit.sign(), hit.words(), container.getKey(), hit.pod());
            return mount(
                mount.path("mountPath").asText(),
                Map.of("sizeLimit", twice(field)),
                hit.fill(what),
                inContainer);
          }
        }
      }
      return Optional.empty();
    };
  }

  private static Optional<Advice> mount(
      String directory, Map<String, Object> emptyDir, String what, Hit hit) {
    return hit.containerPath()
        .map(container -> {
          var name = name(directory);
          var volumes = FieldPath.of("spec", "volumes");
          var mounts = container.field("volumeMounts");
          var volume = new LinkedHashMap<String, Object>();
          volume.put("name", name);
          volume.put("emptyDir", emptyDir);
          var mount = new LinkedHashMap<String, Object>();
          mount.put("name", name);
          mount.put("mountPath", directory);
          return new Advice(
              what,
              List.of(
                  new Setting(mounts.index(hit.at(mounts).size()), mount),
                  new Setting(volumes.index(hit.at(volumes).size()), volume)));
        });
  }

  /** {@code var-cache-nginx} for {@code /var/cache/nginx}. */
  private static String name(String directory) {
    var name = directory.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]+", "-");
    name = name.substring(Math.max(0, name.length() - 60)).replaceAll("^-+|-+$", "");
    return name.isEmpty() ? "writable" : name;
  }

  /** Lets a group own the volume that the container cannot write to. */
  static Optional<Advice> shareVolume(Hit hit, FilledField field) {
    var volume = Mounts.volume(hit.word("path"), hit);
    boolean owned =
        volume.has("persistentVolumeClaim") || volume.has("emptyDir") || volume.has("ephemeral");
    if (!owned || !hit.at(FS_GROUP).isMissingNode()) {
      return Optional.empty();
    }
    var group = hit.ofContainer("securityContext", "runAsGroup");
    return Optional.of(
        new Advice(
            "Let a group own the volume \"%s\"".formatted(volume.path("name").asText()),
            List.of(
                new Setting(
                    FS_GROUP, group.isIntegralNumber() ? group.longValue() : fillIn(GROUP)))));
  }
}
