package dev.gambeson.pod;

import io.fabric8.kubernetes.api.model.Quantity;
import java.math.BigDecimal;
import java.util.List;
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

  private static final List<String> BINARY = List.of("Ki", "Mi", "Gi", "Ti", "Pi", "Ei");
  private static final List<String> DECIMAL =
      List.of("n", "u", "m", "", "k", "M", "G", "T", "P", "E");

  private Amount() {}

  /**
   * The quantity that a text writes; null where it writes none. One quantity stands for all that
   * cannot be compared, for the model's own {@code equals} and {@code hashCode} compare.
   */
  public static @Nullable Quantity parse(String text) {
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
    return of(quantity)
        .flatMap(amount -> of(other).map(most -> amount.compareTo(most) > 0))
        .orElse(true);
  }

  private static Optional<BigDecimal> factor(String suffix) {
    int decimal = DECIMAL.indexOf(suffix);
    if (decimal >= 0) {
      return Optional.of(BigDecimal.ONE.scaleByPowerOfTen(3 * (decimal - DECIMAL.indexOf(""))));
    }
    int binary = BINARY.indexOf(suffix);
    if (binary >= 0) {
      return Optional.of(BigDecimal.valueOf(1L << (10 * (binary + 1))));
    }
    var exponent = EXPONENT.matcher(suffix);
    return exponent.matches() && Math.abs(Integer.parseInt(exponent.group(1))) <= HIGHEST_EXPONENT
        ? Optional.of(BigDecimal.ONE.scaleByPowerOfTen(Integer.parseInt(exponent.group(1))))
        : Optional.empty();
  }
}
