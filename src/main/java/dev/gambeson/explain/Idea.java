package dev.gambeson.explain;

import dev.gambeson.pod.FieldPath;
import java.util.List;
import java.util.Optional;

/** One way to help a pod. */
interface Idea {
  /**
   * What to do.
   *
   * @param what in a sentence without its end
   * @param settings what to write into the template; none where only an exemption from the rule
   *     helps
   */
  record Advice(String what, List<Setting> settings) {}

  /** The advice for a symptom that the field explains; empty where it does not fit. */
  Optional<Advice> of(Hit hit, FilledField field);

  /** Writes another value in place of the one that was filled in: a fix overwrites nothing. */
  static Idea write(String what, Object value) {
    return (hit, field) ->
        Optional.of(new Advice(hit.fill(what), List.of(new Setting(field.path(), value))));
  }

  /** Writes a field of the container. */
  static Idea inContainer(String what, Object value, String... place) {
    return (hit, field) ->
        hit.containerPath()
            .map(container -> {
              var path = container;
              for (var name : place) {
                path = path.field(name);
              }
              return new Advice(hit.fill(what), List.of(new Setting(path, value)));
            });
  }

  /** Appends to a list of the pod. */
  static Idea append(String what, Object element, String... place) {
    return (hit, field) -> {
      var list = FieldPath.of((Object[]) place);
      var setting = new Setting(list.index(hit.at(list).size()), element);
      return Optional.of(new Advice(hit.fill(what), List.of(setting)));
    };
  }

  /** Exempts the pod, or the container, from the rule. */
  static Idea exempt(String what) {
    return (hit, field) -> Optional.of(new Advice(hit.fill(what), List.of()));
  }
}
