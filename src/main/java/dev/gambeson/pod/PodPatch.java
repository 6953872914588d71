package dev.gambeson.pod;

import dev.gambeson.pod.PatchOperation.Op;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodSecurityContext;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.SecurityContext;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The changes that fixes make to one pod: each is applied to {@link #pod} at once, so that later
 * rules see it, and is recorded as the fewest JSON Patch operations that create missing parents
 * first.
 *
 * <p>The value of an operation is the very model object that stands in {@link #pod}: what a later
 * rule adds below an object that this patch created is part of that object's operation, and needs
 * none of its own.
 */
public final class PodPatch {
  private final Pod pod;
  private final List<PatchOperation> operations = new ArrayList<>();
  private final List<PatchOperation> removals = new ArrayList<>();
  private final Map<FieldPath, List<Integer>> removedPositions = new HashMap<>();
  private final Set<FieldPath> created = new HashSet<>();
  private final List<String> warnings = new ArrayList<>();
  private final List<FieldPath> changed = new ArrayList<>();

  /**
   * Starts a patch that is empty.
   *
   * @param pod the pod to change, in place; it must have {@code metadata} and {@code spec}
   */
  public PodPatch(Pod pod) {
    this.pod = pod;
  }

  /** The pod with every change so far. */
  public Pod pod() {
    return pod;
  }

  /** The operations, in the order in which they apply: removals last, by descending position. */
  public List<PatchOperation> operations() {
    var all = new ArrayList<>(operations);
    removals.stream()
        .sorted(
            Comparator.comparing((PatchOperation removal) -> removal.path().parent().pointer())
                .thenComparing(
                    removal -> (Integer) removal.path().last(), Comparator.reverseOrder()))
        .forEach(all::add);
    return all;
  }

  /** The fields that were added, changed or removed, in the order in which they were. */
  public List<FieldPath> changed() {
    return Collections.unmodifiableList(changed);
  }

  /**
   * Tells the author of the pod something that a fix noticed, in one short sentence without the
   * name of the rule.
   */
  public void warn(String warning) {
    warnings.add(warning);
  }

  /** The warnings so far. */
  public List<String> warnings() {
    return Collections.unmodifiableList(warnings);
  }

  public Target<ObjectMeta> metadata() {
    return new Target<>(FieldPath.of("metadata"), pod.getMetadata());
  }

  public Target<PodSpec> spec() {
    return new Target<>(FieldPath.of("spec"), pod.getSpec());
  }

  public Target<PodSecurityContext> podSecurityContext() {
    return spec()
        .child(
            "securityContext",
            PodSpec::getSecurityContext,
            PodSpec::setSecurityContext,
            PodSecurityContext::new);
  }

  public Target<Container> container(ContainerRef ref) {
    return new Target<>(ref.path(), ref.container());
  }

  public Target<SecurityContext> securityContext(ContainerRef ref) {
    return container(ref)
        .child(
            "securityContext",
            Container::getSecurityContext,
            Container::setSecurityContext,
            SecurityContext::new);
  }

  private void record(Op op, FieldPath path, @Nullable Object value) {
    if (!insideCreated(path)) {
      (op == Op.REMOVE ? removals : operations).add(new PatchOperation(op, path, value));
    }
  }

  private boolean insideCreated(FieldPath path) {
    for (var above = path; !above.isRoot(); above = above.parent()) {
      if (created.contains(above)) {
        return true;
      }
    }
    return false;
  }

  /** The position that a list element has in the document, where removals have not happened yet. */
  private int documentPosition(FieldPath list, int position) {
    var removed = removedPositions.getOrDefault(list, List.of());
    int before = 0;
    int bound = removed.size();
    while (before < bound) {
      int middle = (before + bound) >>> 1;
      if (removed.get(middle) - middle <= position) {
        before = middle + 1;
      } else {
        bound = middle;
      }
    }
    return position + before;
  }

  /** An object in the pod, or the place where it will be created once something is added to it. */
  public final class Target<T> {
    private final FieldPath path;
    private final Supplier<T> create;
    private @Nullable T value;

    private Target(FieldPath path, T value) {
      this(path, value, () -> value);
    }

    private Target(FieldPath path, @Nullable T value, Supplier<T> create) {
      this.path = path;
      this.value = value;
      this.create = create;
    }

    /** Sets a field where the pod has none. Returns whether it did. */
    public <V> boolean fill(
        String field, Function<T, @Nullable V> get, BiConsumer<T, V> set, V content) {
      if (value != null && get.apply(value) != null) {
        return false;
      }
      write(Op.ADD, field, set, content);
      return true;
    }

    /**
     * Sets a field that the API server has defaulted; for the few rules whose documentation says
     * that they do.
     */
    public <V> void replace(
        String field, Function<T, @Nullable V> get, BiConsumer<T, V> set, V content) {
      var old = value == null ? null : get.apply(value);
      write(old == null ? Op.ADD : Op.REPLACE, field, set, content);
    }

    /** Removes a field that the pod has. */
    public <V> void remove(
        String field, Function<T, @Nullable V> get, BiConsumer<T, @Nullable V> set) {
      if (value == null || get.apply(value) == null) {
        return;
      }
      changed.add(path.field(field));
      if (!insideCreated(path)) {
        operations.add(new PatchOperation(Op.REMOVE, path.field(field), null));
      }
      set.accept(value, null);
    }

    /** The object in a field, created when something is first added to it. */
    public <C> Target<C> child(
        String field, Function<T, @Nullable C> get, BiConsumer<T, C> set, Supplier<C> make) {
      var present = value == null ? null : get.apply(value);
      return new Target<>(
          path.field(field),
          present,
          () -> {
            var made = make.get();
            create(field, set, made);
            return made;
          });
    }

    /** Appends to a list, which is created where the pod has none. */
    public <E> void append(
        String field, Function<T, List<E>> get, BiConsumer<T, List<E>> set, E element) {
      var list = value == null ? null : get.apply(value);
      var listPath = path.field(field);
      if (list == null || list.isEmpty()) {
        changed.add(listPath.index(0));
        create(field, set, new ArrayList<E>(List.of(element)));
        return;
      }
      var elementPath = listPath.index(documentPosition(listPath, list.size()));
      changed.add(elementPath);
      record(Op.ADD, listPath.field("-"), element);
      created.add(elementPath);
      list.add(element);
    }

    /**
     * Adds an entry to a map, which is created where the pod has none. Returns false where the key
     * is there already.
     */
    public <V> boolean put(
        String field,
        Function<T, Map<String, V>> get,
        BiConsumer<T, Map<String, V>> set,
        String key,
        V entry) {
      var map = value == null ? null : get.apply(value);
      if (map == null || map.isEmpty()) {
        var made = new LinkedHashMap<String, V>();
        made.put(key, entry);
        changed.add(path.field(field).field(key));
        create(field, set, made);
        return true;
      }
      if (map.containsKey(key)) {
        return false;
      }
      changed.add(path.field(field).field(key));
      record(Op.ADD, path.field(field).field(key), entry);
      map.put(key, entry);
      return true;
    }

    /** Replaces the value of a key that a map has. */
    public <V> void replaceEntry(
        String field, Function<T, Map<String, V>> get, String key, V entry) {
      var entryPath = path.field(field).field(key);
      changed.add(entryPath);
      record(Op.REPLACE, entryPath, entry);
      get.apply(existing()).put(key, entry);
    }

    /**
     * Removes the elements that {@code unwanted} accepts from a list. Returns whether there were
     * any.
     */
    public <E> boolean removeIf(String field, Function<T, List<E>> get, Predicate<E> unwanted) {
      var list = value == null ? List.<E>of() : get.apply(value);
      var listPath = path.field(field);
      var kept = new ArrayList<E>();
      var removed = new ArrayList<Integer>();
      for (var element : list) {
        if (unwanted.test(element)) {
          removed.add(documentPosition(listPath, kept.size() + removed.size()));
        } else {
          kept.add(element);
        }
      }
      if (removed.isEmpty()) {
        return false;
      }
      for (int position : removed.reversed()) {
        changed.add(listPath.index(position));
        record(Op.REMOVE, listPath.index(position), null);
      }
      var all = removedPositions.computeIfAbsent(listPath, key -> new ArrayList<>());
      all.addAll(removed);
      all.sort(null);
      // One by one, each removal would move what comes after it.
      list.clear();
      list.addAll(kept);
      return true;
    }

    /** The object at a position of a list in this object. */
    public <E> Target<E> element(String field, Function<T, List<E>> get, int position) {
      var listPath = path.field(field);
      return new Target<>(
          listPath.index(documentPosition(listPath, position)),
          get.apply(existing()).get(position));
    }

    private <C> void create(String field, BiConsumer<T, C> set, C made) {
      var object = existing();
      record(Op.ADD, path.field(field), made);
      set.accept(object, made);
      created.add(path.field(field));
    }

    private <V> void write(Op op, String field, BiConsumer<T, V> set, V content) {
      var object = existing();
      changed.add(path.field(field));
      record(op, path.field(field), content);
      set.accept(object, content);
    }

    private T existing() {
      var present = value;
      if (present == null) {
        present = create.get();
        value = present;
      }
      return present;
    }
  }
}
