package dev.gambeson.pod;

import java.util.AbstractList;
import java.util.ArrayList;
import java.util.List;
import java.util.RandomAccess;

/**
 * A list that counts the elements that are read from it, put into it and moved in it. The count is
 * that of all such lists of the thread.
 */
public final class CountingList<E> extends AbstractList<E> implements RandomAccess {
  private static final ThreadLocal<long[]> ACCESSES = ThreadLocal.withInitial(() -> new long[1]);

  private final List<E> elements = new ArrayList<>();

  /** How often any element was touched so far. */
  public static long accesses() {
    return ACCESSES.get()[0];
  }

  private static void count(long accesses) {
    ACCESSES.get()[0] += accesses;
  }

  @Override
  public int size() {
    return elements.size();
  }

  @Override
  public E get(int index) {
    count(1);
    return elements.get(index);
  }

  @Override
  public E set(int index, E element) {
    count(1);
    return elements.set(index, element);
  }

  @Override
  public void add(int index, E element) {
    modCount++;
    count(1 + elements.size() - index);
    elements.add(index, element);
  }

  @Override
  public E remove(int index) {
    modCount++;
    count(elements.size() - index);
    return elements.remove(index);
  }

  @Override
  public void clear() {
    modCount++;
    count(elements.size());
    elements.clear();
  }
}
