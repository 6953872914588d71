package dev.gambeson.pod;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.EmptyDirVolumeSourceBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.VolumeBuilder;
import java.math.BigDecimal;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class AmountTest {
  private static final String DIGITS = "9".repeat(1_000_000);

  @ParameterizedTest
  @CsvSource({
    "100m, 0.1",
    "+5, 5",
    "-5k, -5000",
    "5., 5",
    ".5Ki, 512",
    "1n, 0.000000001",
    "1E, 1000000000000000000",
    "1Ei, 1152921504606846976",
    "12e3, 12000",
    "12E-03, 0.012",
    "1e64, 1" + "0000000000000000000000000000000000000000000000000000000000000000",
  })
  void itIsWhatTheApiServerReads(String text, BigDecimal amount) {
    assertThat(Amount.of(parsed(text)))
        .get()
        .satisfies(found -> assertThat(found).isEqualByComparingTo(amount));
  }

  static Stream<String> incomparable() {
    return Stream.of(
        "1e2147483647",
        "1e-2147483648",
        "1e99999999999999999999",
        "-1E999999999",
        "1e65",
        DIGITS,
        DIGITS + "Ki",
        "0." + DIGITS,
        "1e" + DIGITS);
  }

  @ParameterizedTest
  @MethodSource("incomparable")
  void anAmountThatNoResourceHasIsAboveAllOthers(String text) {
    var quantity = parsed(text);

    assertThat(Amount.of(quantity)).isEmpty();
    assertThat(Amount.isAbove(quantity, new Quantity("1Ei"))).isTrue();
    assertThat(Amount.isAbove(new Quantity("1"), quantity)).isTrue();
  }

  @ParameterizedTest
  @MethodSource("incomparable")
  void theModelCanCompareAVolumeOfThatSize(String text) {
    var volume = directory(parsed(text));

    assertThat(volume).isEqualTo(directory(parsed(text)));
    assertThat(volume).hasSameHashCodeAs(directory(parsed(text)));
    assertThat(volume).isNotEqualTo(directory(new Quantity("1Gi")));
  }

  static Stream<String> none() {
    return Stream.of(
        "",
        "lots",
        "1K",
        "1e",
        "1e1.5",
        "9e999999999Ki",
        "1.2.3",
        DIGITS + "x",
        DIGITS + "." + DIGITS + "x");
  }

  @ParameterizedTest
  @MethodSource("none")
  void whatIsNoQuantityIsNotRead(String text) {
    assertThat(Amount.parse(text)).isNull();
  }

  @Test
  void equalAmountsAreNotAboveEachOther() {
    assertThat(Amount.isAbove(new Quantity("1Gi"), new Quantity("1024Mi"))).isFalse();
    assertThat(Amount.isAbove(new Quantity("1025Mi"), new Quantity("1Gi"))).isTrue();
    assertThat(Amount.isAbove(new Quantity("0.1"), new Quantity("100m"))).isFalse();
  }

  private static Quantity parsed(String text) {
    return Objects.requireNonNull(Amount.parse(text));
  }

  /** A copy, as the pod's own is in places. */
  private static Volume directory(Quantity size) {
    var volume =
        new VolumeBuilder()
            .withName("data")
            .withEmptyDir(new EmptyDirVolumeSourceBuilder().withSizeLimit(size).build())
            .build();
    return new VolumeBuilder(volume).build();
  }
}
