package dev.gambeson.reload;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The last good value of a source that is read again and again. A bad reading keeps the value, and
 * is news once.
 *
 * <p>One thread reads the source; any thread may ask for the state.
 */
public final class LastGood<T> {

  /**
   * The value in use.
   *
   * @param problem why the source's present content is not in use; null if it is
   */
  public record State<T>(T value, @Nullable String problem) {}

  private final List<Consumer<T>> listeners = new CopyOnWriteArrayList<>();
  private volatile State<T> state;

  private LastGood(State<T> first) {
    state = first;
  }

  /** Starts with a value that the source holds. */
  public static <T> LastGood<T> of(T value) {
    return new LastGood<>(new State<>(value, null));
  }

  /** Starts with a fallback for a source that does not have a good value yet. */
  public static <T> LastGood<T> fallback(T value, String problem) {
    return new LastGood<>(new State<>(value, problem));
  }

  public State<T> state() {
    return state;
  }

  /** Notifies the listener of each later value that differs from the one before. */
  public void onChange(Consumer<T> listener) {
    listeners.add(listener);
  }

  /** Uses the value that the source now holds. Returns whether it differs from the one before. */
  public boolean use(T value) {
    var before = state;
    state = new State<>(value, null);
    if (value.equals(before.value())) {
      return false;
    }
    listeners.forEach(listener -> listener.accept(value));
    return true;
  }

  /** Keeps the value because the source is bad. Returns whether the problem is new. */
  public boolean keep(String problem) {
    return keep(state.value(), problem);
  }

  /**
   * Uses a fallback because the source is bad.
   *
   * @return whether the fallback or the problem is new
   */
  public boolean keep(T fallback, String problem) {
    var next = new State<>(fallback, problem);
    if (next.equals(state)) {
      return false;
    }
    state = next;
    return true;
  }
}
