package dev.gambeson.pod;

import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A place in an object: field names ({@code String}) and list positions ({@code Integer}), from the
 * root down.
 *
 * <p>{@link #toString} writes it as the API server's messages do, {@code spec.containers[0].image};
 * {@link #pointer} as a JSON Pointer (RFC 6901), {@code /spec/containers/0/image}.
 *
 * <p>Paths have an order, so that a hash table stays fast with those that an author gave one hash.
 */
public final class FieldPath implements Comparable<FieldPath> {
  public static final FieldPath ROOT = new FieldPath();

  /** Null for the root alone. */
  private final @Nullable FieldPath parent;

  private final Object last;
  private final int depth;
  private final int hash;

  private FieldPath() {
    parent = null;
    last = "";
    depth = 0;
    hash = 1;
  }

  private FieldPath(FieldPath parent, Object last) {
    this.parent = parent;
    this.last = last;
    depth = parent.depth + 1;
    hash = 31 * parent.hash + last.hashCode();
  }

  /** The path of the given field names and list positions. */
  public static FieldPath of(Object... segments) {
    return of(Arrays.asList(segments));
  }

  /** The path of the given field names and list positions. */
  public static FieldPath of(List<?> segments) {
    var path = ROOT;
    for (var segment : segments) {
      path = new FieldPath(path, segment);
    }
    return path;
  }

  /** The field names and list positions, from the root down. */
  public List<Object> segments() {
    var all = new Object[depth];
    for (var at = this; at.parent != null; at = at.parent) {
      all[at.depth - 1] = at.last;
    }
    return List.of(all);
  }

  /** The number of its segments. */
  public int depth() {
    return depth;
  }

  public FieldPath field(String name) {
    return new FieldPath(this, name);
  }

  public FieldPath index(int position) {
    return new FieldPath(this, position);
  }

  /** This path, continued below {@code prefix}. */
  public FieldPath under(FieldPath prefix) {
    if (parent == null) {
      return prefix;
    }
    return prefix.isRoot() ? this : new FieldPath(parent.under(prefix), last);
  }

  /** The path one step up; the root has none. */
  public FieldPath parent() {
    if (parent == null) {
      throw new IllegalStateException("the root has no parent");
    }
    return parent;
  }

  /** The first steps of this path. */
  public FieldPath first(int steps) {
    return steps >= depth ? this : parent().first(steps);
  }

  /** This path as it is from that depth on. */
  public FieldPath from(int start) {
    return of(segments().subList(start, depth));
  }

  public Object last() {
    if (parent == null) {
      throw new IllegalStateException("the root has no last segment");
    }
    return last;
  }

  /** The path that the same place has once an element is inserted into a list above it. */
  FieldPath afterInsertion(FieldPath list, int position) {
    if (depth <= list.depth || !isWithin(list)) {
      return this;
    }
    var element = first(list.depth + 1);
    return element.last instanceof Integer index && index >= position
        ? from(element.depth).under(list.index(index + 1))
        : this;
  }

  public boolean isWithin(FieldPath other) {
    return depth >= other.depth && first(other.depth).equals(other);
  }

  /** In the order of the first segments that differ: positions come before names. */
  @Override
  public int compareTo(FieldPath other) {
    var segments = segments();
    var others = other.segments();
    for (int i = 0; i < Math.min(depth, other.depth); i++) {
      int order = compare(segments.get(i), others.get(i));
      if (order != 0) {
        return order;
      }
    }
    return Integer.compare(depth, other.depth);
  }

  private static int compare(Object one, Object other) {
    return one instanceof Integer position && other instanceof Integer otherPosition
        ? position.compareTo(otherPosition)
        : one instanceof String name && other instanceof String otherName
            ? name.compareTo(otherName)
            : one instanceof Integer ? -1 : 1;
  }

  @Override
  public boolean equals(@Nullable Object other) {
    if (!(other instanceof FieldPath path) || path.hash != hash || path.depth != depth) {
      return false;
    }
    var mine = this;
    var its = path;
    while (mine.parent != null && its.parent != null && mine != its) {
      if (!mine.last.equals(its.last)) {
        return false;
      }
      mine = mine.parent;
      its = its.parent;
    }
    return true;
  }

  @Override
  public int hashCode() {
    return hash;
  }

  public boolean isRoot() {
    return depth == 0;
  }

  /** The JSON Pointer of this path (RFC 6901). */
  public String pointer() {
    var pointer = new StringBuilder(16 * depth);
    appendPointer(pointer);
    return pointer.toString();
  }

  private void appendPointer(StringBuilder pointer) {
    if (parent != null) {
      parent.appendPointer(pointer);
      pointer.append('/');
      if (last instanceof Integer position) {
        pointer.append(position.intValue());
      } else {
        var name = last.toString();
        boolean plain = name.indexOf('~') < 0 && name.indexOf('/') < 0;
        pointer.append(plain ? name : name.replace("~", "~0").replace("/", "~1"));
      }
    }
  }

  @Override
  public String toString() {
    var text = new StringBuilder();
    for (Object segment : segments()) {
      if (segment instanceof String name && isPlain(name)) {
        text.append(text.isEmpty() ? "" : ".").append(name);
      } else {
        text.append('[').append(segment).append(']');
      }
    }
    return text.toString();
  }

  /** Whether a name can stand in a path without brackets. */
  private static boolean isPlain(String name) {
    for (int i = 0; i < name.length(); i++) {
      char c = name.charAt(i);
      boolean letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
      if (!letter && (i == 0 || !((c >= '0' && c <= '9') || c == '-'))) {
        return false;
      }
    }
    return !name.isEmpty();
  }
}
