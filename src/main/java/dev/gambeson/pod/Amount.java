package dev.gambeson.pod;

import io.fabric8.kubernetes.api.model.Quantity;
import java.math.BigDecimal;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The number that a quantity stands for: cores, bytes. The API server takes {@code 1e2147483647}
 * and a million digits too; no resource has such an amount, and to compare one costs without bound.
 */
public final class Amount {
  /** What a quantity looks like, as a regular expression. */
  public static final String FORM =
      "[+-]?([0-9]+(\\.[0-9]*)?|\\.[0-9]+)([KMGTPE]i|[numkMGTPE]|[eE][+-]?[0-9]+)?";

  private static final Pattern WHOLE_FORM = Pattern.compile(FORM);
  private static final Pattern EXPONENT = Pattern.compile("[eE]([+-]?[0-9]{1,3})");

  private static final int MOST_DIGITS = 64;
  private static final int HIGHEST_EXPONENT = 64;

  /** By their suffixes; an exponent is no suffix. */
  private static final Map<String, BigDecimal> FACTORS = factors();

  private static Map<String, BigDecimal> factors() {
    var factors = new HashMap<String, BigDecimal>();
    var decimal = List.of("n", "u", "m", "", "k", "M", "G", "T", "P", "E");
    for (var suffix : decimal) {
      int power = 3 * (decimal.indexOf(suffix) - decimal.indexOf(""));
      factors.put(suffix, BigDecimal.ONE.scaleByPowerOfTen(power));
    }
    var binary = List.of("Ki", "Mi", "Gi", "Ti", "Pi", "Ei");
    for (var suffix : binary) {
      factors.put(suffix, BigDecimal.valueOf(1L << (10 * (binary.indexOf(suffix) + 1))));
    }
    return factors;
  }

  private Amount() {}

  /**
   * The quantity that a text writes; null where it writes none. One quantity stands for all that
   * cannot be compared, for the model's own {@code equals} and {@code hashCode} compare.
   */
  public static @Nullable Quantity parse(String text) {
    int digits = 0;
    while (digits < text.length() && text.charAt(digits) >= '0' && text.charAt(digits) <= '9') {
      digits++;
    }
    var suffix = text.substring(digits);
    if (digits > 0 && digits <= MOST_DIGITS && FACTORS.containsKey(suffix)) {
      return new Quantity(text.substring(0, digits), suffix);
    }
    if (!WHOLE_FORM.matcher(text).matches()) {
      return null;
    }
    var quantity = Quantity.parse(text);
    return of(quantity).isPresent() ? quantity : new Quantity("1", "e" + (HIGHEST_EXPONENT + 1));
  }

  /** Its amount; empty where it cannot be compared. */
  public static Optional<BigDecimal> of(Quantity quantity) {
    var digits = quantity.getAmount();
    if (digits.length() > MOST_DIGITS) {
      return Optional.empty();
    }
    try {
      var number = new BigDecimal(digits);
      return factor(quantity.getFormat()).map(number::multiply);
    } catch (NumberFormatException e) {
      return Optional.empty();
    }
  }

  /** Whether it is more than another; so is a quantity that cannot be compared, or beside one. */
  public static boolean isAbove(Quantity quantity, Quantity other) {
    var amount = of(quantity);
    var most = of(other);
    return amount.isEmpty() || most.isEmpty() || amount.get().compareTo(most.get()) > 0;
  }

  private static Optional<BigDecimal> factor(String suffix) {
    var known = FACTORS.get(suffix);
    if (known != null) {
      return Optional.of(known);
    }
    var exponent = EXPONENT.matcher(suffix);
    return exponent.matches() && Math.abs(Integer.parseInt(exponent.group(1))) <= HIGHEST_EXPONENT
        ? Optional.of(BigDecimal.ONE.scaleByPowerOfTen(Integer.parseInt(exponent.group(1))))
        : Optional.empty();
  }
}
