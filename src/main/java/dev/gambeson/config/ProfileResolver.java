package dev.gambeson.config;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gambeson.pod.FieldPath;
import dev.gambeson.verdict.Configuration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Puts each profile together with what it extends. */
final class ProfileResolver {
  private static final FieldPath EXTENDS = FieldPath.of(ProfileConfig.EXTENDS);

  private final Map<String, ProfileLayer> builtIn;
  private final Map<String, ProfileLayer> own;
  private final Map<String, ResolvedProfile> resolved = new HashMap<>();
  private final Deque<String> underway = new ArrayDeque<>();

  ProfileResolver(Collection<ProfileLayer> builtIn, Collection<ProfileLayer> own) {
    this.builtIn = byName(builtIn);
    this.own = byName(own);
  }

  private static Map<String, ProfileLayer> byName(Collection<ProfileLayer> layers) {
    return layers.stream().collect(Collectors.toMap(ProfileLayer::name, Function.identity()));
  }

  /** The names of all profiles. */
  Set<String> names() {
    var names = new TreeSet<>(builtIn.keySet());
    names.addAll(own.keySet());
    names.add(Configuration.OBSERVE);
    return names;
  }

  private boolean isBuiltIn(String name) {
    return builtIn.containsKey(name) || name.equals(Configuration.OBSERVE);
  }

  /** A profile with everything that it extends; what stands in the way is reported. */
  ResolvedProfile resolve(String name) {
    var known = resolved.get(name);
    if (known != null) {
      return known;
    }
    underway.addLast(name);
    var layer = own.get(name);
    var base = layer == null ? builtInProfile(name) : base(layer);
    underway.removeLast();
    var result = layer == null ? base : over(name, layer, base);
    resolved.put(name, result);
    return result;
  }

  /** What each own profile says otherwise than what it extends; none where it is built in too. */
  Map<String, ObjectNode> differences() {
    var all = new TreeMap<String, ObjectNode>();
    own.forEach((name, layer) -> {
      var tree = TreeMerge.difference(ProfileConfig.TYPE, resolve(name).tree(), base(layer).tree());
      tree.remove(ProfileConfig.EXTENDS);
      var said = JsonNodeFactory.instance.objectNode();
      if (layer.base() != null) {
        said.put(ProfileConfig.EXTENDS, layer.base());
      }
      said.setAll(tree);
      if (!said.isEmpty() || !isBuiltIn(name)) {
        all.put(name, said);
      }
    });
    return all;
  }

  private ResolvedProfile base(ProfileLayer layer) {
    var written = layer.base();
    if (NameType.NONE.equals(written)) {
      return empty(layer.name());
    }
    if (isBuiltIn(layer.name())) {
      if (written != null) {
        layer.report(
            EXTENDS,
            "a profile that is named like a built-in one extends that one: leave it out, write none"
                + " to start empty, or choose another name");
      }
      return builtInProfile(layer.name());
    }
    return written == null ? empty(layer.name()) : extended(layer, written);
  }

  private ResolvedProfile extended(ProfileLayer layer, String written) {
    if (!names().contains(written)) {
      layer.report(EXTENDS, Suggestion.unknown("profile", written, names()));
      return empty(layer.name());
    }
    if (underway.contains(written)) {
      var cycle = new ArrayList<>(underway);
      cycle.subList(0, cycle.indexOf(written)).clear();
      cycle.add(written);
      layer.report(EXTENDS, "the profiles extend each other: " + String.join(" → ", cycle));
      return empty(layer.name());
    }
    return resolve(written);
  }

  private ResolvedProfile builtInProfile(String name) {
    if (name.equals(Configuration.OBSERVE)) {
      var strict = resolve("strict");
      return new ResolvedProfile(name, strict.layers(), Observe.of(strict.tree()));
    }
    var layer = builtIn.get(name);
    if (layer == null) {
      throw new IllegalStateException("no built-in profile " + name);
    }
    var written = layer.base();
    return over(name, layer, written == null ? empty(name) : resolve(written));
  }

  private static ResolvedProfile over(String name, ProfileLayer layer, ResolvedProfile base) {
    var layers = new ArrayList<ProfileLayer>();
    layers.add(layer);
    layers.addAll(base.layers());
    return new ResolvedProfile(
        name, List.copyOf(layers), TreeMerge.merge(ProfileConfig.TYPE, base.tree(), layer.tree()));
  }

  private static ResolvedProfile empty(String name) {
    return new ResolvedProfile(name, List.of(), ProfileConfig.TYPE.initial());
  }
}
