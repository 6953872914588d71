package dev.gambeson.config;

import com.fasterxml.jackson.databind.node.MissingNode;
import dev.gambeson.pod.FieldPath;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Finds everything that is wrong with the components of a record. Its constructor refuses them at
 * the first mistake; what that is about is replaced then, and the constructor is asked again.
 */
final class RecordMistakes {
  private static final Pattern FIRST_WORD = Pattern.compile("\\w*");

  private final List<Component> components;
  private final Function<List<@Nullable Object>, Object> maker;
  private final @Nullable Object defaults;
  private final List<@Nullable Object> arguments;
  private final ProblemReporter problems;
  private final Set<String> unread;
  private final Set<String> known;
  private final Set<String> replaced = new HashSet<>();

  /**
   * Creates the search.
   *
   * @param unread the components for which something else stands in: what is wrong with them is
   *     reported already
   * @param problems takes the rest, by the path below the record
   */
  RecordMistakes(
      List<Component> components,
      Function<List<@Nullable Object>, Object> maker,
      @Nullable Object defaults,
      List<@Nullable Object> arguments,
      Set<String> unread,
      ProblemReporter problems) {
    this.components = components;
    this.maker = maker;
    this.defaults = defaults;
    this.arguments = new ArrayList<>(arguments);
    this.unread = unread;
    this.known = new HashSet<>(unread);
    this.problems = problems;
  }

  /** Reports them. Returns the components with replacements for what was refused. */
  List<@Nullable Object> report() {
    for (var component : components) {
      if (unread.contains(component.name()) && List.of().equals(argument(component))) {
        replaced.add(component.name());
        set(component, replacement(component));
      }
    }
    for (var refusal = refusal(); refusal != null; refusal = refusal()) {
      var named = named(refusal);
      var culprit = named == null ? culprit(refusal) : named;
      if (culprit != null && removedRefusedElements(culprit)) {
        continue;
      }
      if (culprit == null || known.add(culprit.name())) {
        problems.report(named == null ? FieldPath.ROOT : FieldPath.of(named.name()), refusal);
      }
      if (culprit == null || !replaced.add(culprit.name())) {
        return arguments;
      }
      var other = replacement(culprit);
      if (other == null && !culprit.optional()) {
        return arguments;
      }
      set(culprit, other);
    }
    return arguments;
  }

  private @Nullable String refusal() {
    try {
      var _ = maker.apply(arguments);
      return null;
    } catch (IllegalArgumentException e) {
      return e.getMessage() == null ? "is not valid" : e.getMessage();
    }
  }

  /** The component with whose name a message begins. */
  private @Nullable Component named(String message) {
    var match = FIRST_WORD.matcher(message);
    return match.lookingAt()
        ? components.stream()
            .filter(component -> component.name().equals(match.group()))
            .findFirst()
            .orElse(null)
        : null;
  }

  /** The component without which the message would be another one. */
  private @Nullable Component culprit(String message) {
    for (var component : components) {
      var other = replacement(component);
      if (other != null || component.optional()) {
        var given = set(component, other);
        var now = refusal();
        set(component, given);
        if (!message.equals(now)) {
          return component;
        }
      }
    }
    return null;
  }

  /** A value that nothing is wrong with, as far as there is one. */
  private @Nullable Object replacement(Component component) {
    if (component.optional()) {
      return null;
    }
    var nothing = MissingNode.getInstance();
    if (component.type() instanceof ListType list
        && list.element().standIn(nothing) instanceof String element) {
      // An empty list may mean something else.
      var given = set(component, List.of(element));
      var refusal = refusal();
      set(component, given);
      if (refusal == null || !component.equals(named(refusal))) {
        return List.of(element);
      }
    }
    var standIn = component.type().standIn(nothing);
    return standIn == null && defaults != null ? component.of(defaults) : standIn;
  }

  /** Reports and takes out, of several elements, each that is refused by itself. */
  private boolean removedRefusedElements(Component component) {
    boolean partial = unread.contains(component.name()) && !replaced.contains(component.name());
    int least = partial ? 1 : 2;
    return switch (argument(component)) {
      case List<?> list when list.size() >= least -> {
        var kept = new ArrayList<>();
        for (int i = 0; i < list.size(); i++) {
          var place = FieldPath.of(component.name());
          var at = partial ? place : place.index(i);
          if (!isRefused(component, List.of(list.get(i)), at)) {
            kept.add(list.get(i));
          }
        }
        set(component, kept.isEmpty() ? replacement(component) : kept);
        yield kept.size() < list.size();
      }
      case Map<?, ?> map when map.size() >= least -> {
        var kept = new LinkedHashMap<>();
        map.forEach((key, value) -> {
          var at = FieldPath.of(component.name(), (String) key);
          if (!isRefused(component, Map.of(key, value), at)) {
            kept.put(key, value);
          }
        });
        set(component, kept);
        yield kept.size() < map.size();
      }
      case null, default -> false;
    };
  }

  private boolean isRefused(Component component, Object single, FieldPath at) {
    var given = set(component, single);
    var refusal = refusal();
    set(component, given);
    if (refusal == null || !component.equals(named(refusal))) {
      return false;
    }
    problems.report(at, refusal.replaceFirst("^(\\w+)\\[0]: ", "$1: "));
    return true;
  }

  private @Nullable Object argument(Component component) {
    return arguments.get(position(component));
  }

  private @Nullable Object set(Component component, @Nullable Object value) {
    return arguments.set(position(component), value);
  }

  private int position(Component component) {
    return components.indexOf(component);
  }
}
