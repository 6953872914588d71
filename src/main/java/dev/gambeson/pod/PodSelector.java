package dev.gambeson.pod;

import io.fabric8.kubernetes.api.model.Pod;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * Selects pods by their labels, as a Kubernetes label selector does: all of it must match, and an
 * empty one selects every pod.
 *
 * @param matchLabels labels that the pod has with just these values
 */
public record PodSelector(Map<String, String> matchLabels, List<Requirement> matchExpressions) {
  /** Selects every pod. */
  public static final PodSelector ALL = new PodSelector(Map.of(), List.of());

  private static final Pattern NAME =
      Pattern.compile("[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?");
  private static final Pattern SUBDOMAIN =
      Pattern.compile(
          "(?=.{1,253}$)[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*");

  public PodSelector {
    matchLabels = Map.copyOf(matchLabels);
    matchExpressions = List.copyOf(matchExpressions);
    matchLabels.forEach((key, value) -> {
      requireKey(key);
      requireValue(value);
    });
  }

  /** How a label is compared. */
  public enum Operator {
    IN("In"),
    NOT_IN("NotIn"),
    EXISTS("Exists"),
    DOES_NOT_EXIST("DoesNotExist");

    private final String text;

    Operator(String text) {
      this.text = text;
    }

    @Override
    public String toString() {
      return text;
    }
  }

  /**
   * What the pod's label of one key must be.
   *
   * @param values empty with {@code Exists} and {@code DoesNotExist}
   */
  public record Requirement(String key, Operator operator, List<String> values) {
    public Requirement {
      values = List.copyOf(values);
      requireKey(key);
      values.forEach(PodSelector::requireValue);
      boolean takesValues = operator == Operator.IN || operator == Operator.NOT_IN;
      if (takesValues == values.isEmpty()) {
        throw new IllegalArgumentException(
            "operator " + operator + (takesValues ? " needs values" : " takes no values"));
      }
    }

    boolean matches(Map<String, String> labels) {
      var value = labels.get(key);
      return switch (operator) {
        case IN -> value != null && values.contains(value);
        case NOT_IN -> value == null || !values.contains(value);
        case EXISTS -> value != null;
        case DOES_NOT_EXIST -> value == null;
      };
    }
  }

  /** Whether the pod's labels fit. */
  public boolean matches(Pod pod) {
    var labels = PodTraits.labels(pod);
    for (var requirement : matchExpressions) {
      if (!requirement.matches(labels)) {
        return false;
      }
    }
    return labels.entrySet().containsAll(matchLabels.entrySet());
  }

  /** Whether the API server takes that as a label. */
  public static boolean isLabel(String key, String value) {
    return isKey(key) && isValue(value);
  }

  /** Whether the API server takes it as the key of a label. */
  public static boolean isKey(String key) {
    int slash = key.indexOf('/');
    return NAME.matcher(key.substring(slash + 1)).matches()
        && (slash < 0 || isSubdomain(key.substring(0, slash)));
  }

  /** Whether it is a name in the form of the DNS, with dots, as most objects must have. */
  public static boolean isSubdomain(String name) {
    return SUBDOMAIN.matcher(name).matches();
  }

  /** Whether the API server takes it as the value of a label. */
  public static boolean isValue(String value) {
    return value.isEmpty() || NAME.matcher(value).matches();
  }

  /**
   * Refuses what the API server does not take as the key of a label.
   *
   * @throws IllegalArgumentException if it is none
   */
  public static void requireKey(String key) {
    if (!isKey(key)) {
      throw new IllegalArgumentException("\"" + key + "\" is not a valid label key");
    }
  }

  /**
   * Refuses what the API server does not take as the value of a label.
   *
   * @throws IllegalArgumentException if it is none
   */
  public static void requireValue(String value) {
    if (!isValue(value)) {
      throw new IllegalArgumentException("\"" + value + "\" is not a valid label value");
    }
  }
}
