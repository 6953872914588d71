package dev.gambeson.pod;

import io.fabric8.kubernetes.api.model.Toleration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Questions about tolerations. */
public final class TolerationTraits {
  private static final String EXISTS = "Exists";

  private TolerationTraits() {}

  /** Whether one toleration tolerates every taint that another one does, and for as long. */
  public static boolean covers(Toleration one, Toleration other) {
    return coversKey(one, other)
        && coversValue(one, other)
        && (text(one.getEffect()).isEmpty()
            || text(one.getEffect()).equals(text(other.getEffect())))
        && coversTime(one.getTolerationSeconds(), other.getTolerationSeconds());
  }

  /** Whether the toleration is of every key: it has none, and the operator {@code Exists}. */
  public static boolean coversEveryKey(Toleration toleration) {
    return text(toleration.getKey()).isEmpty() && operator(toleration).equals(EXISTS);
  }

  private static boolean coversKey(Toleration one, Toleration other) {
    return text(one.getKey()).equals(text(other.getKey())) || coversEveryKey(one);
  }

  private static boolean coversValue(Toleration one, Toleration other) {
    return operator(one).equals(EXISTS)
        || (operator(one).equals(operator(other))
            && text(one.getValue()).equals(text(other.getValue())));
  }

  /** No seconds mean forever. */
  private static boolean coversTime(@Nullable Long one, @Nullable Long other) {
    return one == null || (other != null && one >= other);
  }

  private static String operator(Toleration toleration) {
    var operator = text(toleration.getOperator());
    return operator.isEmpty() ? "Equal" : operator;
  }

  private static String text(@Nullable String given) {
    return Objects.requireNonNullElse(given, "");
  }
}
