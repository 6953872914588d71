package dev.gambeson.pod;

import java.util.ArrayList;
import java.util.List;

/**
 * A place in an object: field names ({@code String}) and list positions ({@code Integer}), from the
 * root down.
 *
 * <p>{@link #toString} writes it as the API server's messages do, {@code spec.containers[0].image};
 * {@link #pointer} as a JSON Pointer (RFC 6901), {@code /spec/containers/0/image}.
 *
 * <p>Paths have an order, so that a hash table stays fast with those that an author gave one hash.
 */
public record FieldPath(List<Object> segments) implements Comparable<FieldPath> {
  public static final FieldPath ROOT = new FieldPath(List.of());

  public FieldPath {
    segments = List.copyOf(segments);
  }

  /** The path of the given field names and list positions. */
  public static FieldPath of(Object... segments) {
    return new FieldPath(List.of(segments));
  }

  public FieldPath field(String name) {
    return plus(name);
  }

  public FieldPath index(int position) {
    return plus(position);
  }

  /** This path, continued below {@code prefix}. */
  public FieldPath under(FieldPath prefix) {
    var joined = new ArrayList<>(prefix.segments);
    joined.addAll(segments);
    return new FieldPath(joined);
  }

  /** The path one step up; the root has none. */
  public FieldPath parent() {
    return new FieldPath(segments.subList(0, segments.size() - 1));
  }

  public Object last() {
    return segments.getLast();
  }

  /** The path that the same place has once an element is inserted into a list above it. */
  FieldPath afterInsertion(FieldPath list, int position) {
    int depth = list.segments.size();
    if (segments.size() > depth
        && segments.get(depth) instanceof Integer index
        && index >= position
        && isWithin(list)) {
      var moved = new ArrayList<>(segments);
      moved.set(depth, index + 1);
      return new FieldPath(moved);
    }
    return this;
  }

  public boolean isWithin(FieldPath other) {
    return segments.size() >= other.segments.size()
        && segments.subList(0, other.segments.size()).equals(other.segments);
  }

  /** In the order of the first segments that differ: positions come before names. */
  @Override
  public int compareTo(FieldPath other) {
    int common = Math.min(segments.size(), other.segments.size());
    for (int i = 0; i < common; i++) {
      int order = compare(segments.get(i), other.segments.get(i));
      if (order != 0) {
        return order;
      }
    }
    return Integer.compare(segments.size(), other.segments.size());
  }

  private static int compare(Object one, Object other) {
    return one instanceof Integer position && other instanceof Integer otherPosition
        ? position.compareTo(otherPosition)
        : one instanceof String name && other instanceof String otherName
            ? name.compareTo(otherName)
            : one instanceof Integer ? -1 : 1;
  }

  public boolean isRoot() {
    return segments.isEmpty();
  }

  /** The JSON Pointer of this path (RFC 6901). */
  public String pointer() {
    var pointer = new StringBuilder();
    for (Object segment : segments) {
      pointer.append('/').append(segment.toString().replace("~", "~0").replace("/", "~1"));
    }
    return pointer.toString();
  }

  @Override
  public String toString() {
    var text = new StringBuilder();
    for (Object segment : segments) {
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

  private FieldPath plus(Object segment) {
    var longer = segments.toArray(new Object[segments.size() + 1]);
    longer[segments.size()] = segment;
    return new FieldPath(List.of(longer));
  }
}
