package dev.gambeson.pod;

import static dev.gambeson.pod.Fields.POD_SECURITY_CONTEXT;
import static dev.gambeson.pod.Fields.SECURITY_CONTEXT;

import dev.gambeson.pod.PatchOperation.Op;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodSecurityContext;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.SecurityContext;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.BiConsumer;
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
  private static final FieldPath METADATA = FieldPath.of("metadata");
  private static final FieldPath SPEC = FieldPath.of("spec");

  private final Pod pod;
  private final List<PatchOperation> operations = new ArrayList<>();

  /** The positions, in ascending order, that each list of the document loses at the end. */
  private Map<FieldPath, List<Integer>> removedPositions = new LinkedHashMap<>();

  private final Set<Object> created = Collections.newSetFromMap(new IdentityHashMap<>());
  private final Map<FieldPath, Integer> prepended = new HashMap<>();
  private final List<String> warnings = new ArrayList<>();
  private final List<Change> changes = new ArrayList<>();
  private final List<String> warningsSoFar = Collections.unmodifiableList(warnings);
  private final List<Change> changesSoFar = Collections.unmodifiableList(changes);

  /**
   * A field that was added, changed or removed.
   *
   * @param before what stood there, as the model has it; null where nothing did
   * @param after what stands there now; null where it was removed
   */
  public record Change(FieldPath path, @Nullable Object before, @Nullable Object after) {}

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
    removedPositions.forEach((list, positions) -> {
      for (int position : positions.reversed()) {
        all.add(new PatchOperation(Op.REMOVE, list.index(position), null));
      }
    });
    return all;
  }

  /** The fields that were added, changed or removed, in the order in which they were. */
  public List<Change> changes() {
    return changesSoFar;
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
    return warningsSoFar;
  }

  public Target<ObjectMeta> metadata() {
    return new Target<>(METADATA, pod.getMetadata(), false);
  }

  public Target<PodSpec> spec() {
    return new Target<>(SPEC, pod.getSpec(), false);
  }

  public Target<PodSecurityContext> podSecurityContext() {
    return spec().child(POD_SECURITY_CONTEXT);
  }

  public Target<Container> container(ContainerRef ref) {
    return new Target<>(ref.path(), ref.container(), created.contains(ref.container()));
  }

  public Target<SecurityContext> securityContext(ContainerRef ref) {
    return container(ref).child(SECURITY_CONTEXT);
  }

  /** Moves the removals, which come last, for an element that is inserted into a list. */
  private void moveRemovals(FieldPath list, int position) {
    var here = removedPositions.get(list);
    if (here != null) {
      here.replaceAll(removed -> removed < position ? removed : removed + 1);
    }
    if (removedPositions.keySet().stream()
        .anyMatch(other -> other.depth() > list.depth() && other.isWithin(list))) {
      var moved = new LinkedHashMap<FieldPath, List<Integer>>();
      removedPositions.forEach(
          (other, positions) -> moved.put(other.afterInsertion(list, position), positions));
      removedPositions = moved;
    }
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

    /** Whether the object is part of the value of an operation. */
    private boolean isNew;

    private Target(FieldPath path, T value, boolean isNew) {
      this(path, value, isNew, () -> value);
    }

    private Target(FieldPath path, @Nullable T value, boolean isNew, Supplier<T> create) {
      this.path = path;
      this.value = value;
      this.isNew = isNew;
      this.create = create;
    }

    /** Sets a field where the pod has none. Returns whether it did. */
    public <V> boolean fill(Field<T, V> field, V content) {
      if (value != null && field.get().apply(value) != null) {
        return false;
      }
      write(Op.ADD, field, null, content);
      return true;
    }

    /**
     * Sets a field that the API server has defaulted; for the few rules whose documentation says
     * that they do.
     */
    public <V> void replace(Field<T, V> field, V content) {
      var old = value == null ? null : field.get().apply(value);
      write(old == null ? Op.ADD : Op.REPLACE, field, old, content);
    }

    /** Removes a field that the pod has. */
    public <V> void remove(Field<T, V> field) {
      var old = value == null ? null : field.get().apply(value);
      if (value == null || old == null) {
        return;
      }
      var place = path.field(field.name());
      changes.add(new Change(place, old, null));
      record(Op.REMOVE, place, null, isNew);
      field.set().accept(value, null);
    }

    /** The object in a field, created when something is first added to it. */
    public <C> Target<C> child(ObjectField<T, C> field) {
      var present = value == null ? null : field.get().apply(value);
      return new Target<>(
          path.field(field.name()),
          present,
          isNew || created.contains(present),
          () -> {
            var made = field.make().get();
            create(field.name(), field.set(), made);
            return made;
          });
    }

    /** Appends to a list, which is created where the pod has none. */
    public <E> void append(Field<T, List<E>> field, E element) {
      add(field, element, Integer.MAX_VALUE);
    }

    /**
     * Inserts into a list, before everything but what was inserted so already; the list is created
     * where the pod has none. Whoever knows the place of something in the list must look it up
     * anew: a {@link ContainerRef} for example.
     */
    public <E> void prepend(Field<T, List<E>> field, E element) {
      add(field, element, prepended.merge(path.field(field.name()), 1, Integer::sum) - 1);
    }

    private <E> void add(Field<T, List<E>> field, E element, int wantedPosition) {
      var list = value == null ? null : field.get().apply(value);
      var listPath = path.field(field.name());
      created.add(element);
      if (list == null || (list.isEmpty() && !removedPositions.containsKey(listPath))) {
        changes.add(new Change(listPath.index(0), null, element));
        create(field.name(), field.set(), new ArrayList<E>(List.of(element)));
        return;
      }
      boolean last = wantedPosition >= list.size();
      int position = last ? list.size() : wantedPosition;
      var elementPath = listPath.index(documentPosition(listPath, position));
      if (!last) {
        moveRemovals(listPath, (Integer) elementPath.last());
      }
      changes.add(new Change(elementPath, null, element));
      record(
          Op.ADD,
          last ? listPath.field("-") : elementPath,
          element,
          isNew || created.contains(list));
      list.add(position, element);
    }

    /**
     * Adds an entry to a map, which is created where the pod has none. Returns false where the key
     * is there already.
     */
    public <V> boolean put(Field<T, Map<String, V>> field, String key, V entry) {
      var map = value == null ? null : field.get().apply(value);
      var place = path.field(field.name()).field(key);
      if (map == null || map.isEmpty()) {
        var made = new LinkedHashMap<String, V>();
        made.put(key, entry);
        changes.add(new Change(place, null, entry));
        create(field.name(), field.set(), made);
        return true;
      }
      if (map.containsKey(key)) {
        return false;
      }
      changes.add(new Change(place, null, entry));
      record(Op.ADD, place, entry, isNew || created.contains(map));
      map.put(key, entry);
      return true;
    }

    /** Replaces the value of a key that a map has. */
    public <V> void replaceEntry(Field<T, Map<String, V>> field, String key, V entry) {
      var place = path.field(field.name()).field(key);
      var map = Objects.requireNonNull(field.get().apply(existing()));
      changes.add(new Change(place, map.get(key), entry));
      record(Op.REPLACE, place, entry, isNew || created.contains(map));
      map.put(key, entry);
    }

    /**
     * Removes the elements that {@code unwanted} accepts from a list. Returns whether there were
     * any.
     */
    public <E> boolean removeIf(Field<T, List<E>> field, Predicate<E> unwanted) {
      var list = value == null ? null : field.get().apply(value);
      if (list == null) {
        return false;
      }
      var listPath = path.field(field.name());
      var kept = new ArrayList<E>();
      var removed = new ArrayList<Integer>();
      var gone = new ArrayList<Change>();
      for (var element : list) {
        if (unwanted.test(element)) {
          int position = documentPosition(listPath, kept.size() + removed.size());
          removed.add(position);
          gone.add(new Change(listPath.index(position), element, null));
        } else {
          kept.add(element);
        }
      }
      if (removed.isEmpty()) {
        return false;
      }
      changes.addAll(gone.reversed());
      if (!isNew && !created.contains(list)) {
        var all = removedPositions.computeIfAbsent(listPath, key -> new ArrayList<>());
        all.addAll(removed);
        all.sort(null);
      }
      // One by one, each removal would move what comes after it.
      list.clear();
      list.addAll(kept);
      return true;
    }

    /** The object at a position of a list in this object. */
    public <E> Target<E> element(Field<T, List<E>> field, int position) {
      var listPath = path.field(field.name());
      var list = Objects.requireNonNull(field.get().apply(existing()));
      var element = list.get(position);
      return new Target<>(
          listPath.index(documentPosition(listPath, position)),
          element,
          isNew || created.contains(list) || created.contains(element));
    }

    private <C> void create(String field, BiConsumer<T, C> set, C made) {
      var object = existing();
      record(Op.ADD, path.field(field), made, isNew);
      set.accept(object, made);
      created.add(made);
    }

    private <V> void write(Op op, Field<T, V> field, @Nullable V old, V content) {
      var object = existing();
      var place = path.field(field.name());
      changes.add(new Change(place, old, content));
      record(op, place, content, isNew);
      field.set().accept(object, content);
    }

    private void record(Op op, FieldPath place, @Nullable Object content, boolean inOperation) {
      if (!inOperation) {
        operations.add(new PatchOperation(op, place, content));
      }
    }

    private T existing() {
      var present = value;
      if (present == null) {
        present = create.get();
        value = present;
        isNew = true;
      }
      return present;
    }
  }
}
