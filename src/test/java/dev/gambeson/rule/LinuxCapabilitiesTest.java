package dev.gambeson.rule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.gambeson.pod.ContainerRef;
import io.fabric8.kubernetes.api.model.ContainerBuilder;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LinuxCapabilitiesTest {

  @Test
  void aContainerThatSaysNothingHasNoLists() {
    var plain = new ContainerRef(ContainerRef.Kind.REGULAR, 0, new ContainerBuilder().build());

    assertThat(LinuxCapabilities.of(plain).areUnset()).isTrue();
    assertThat(adding("CHOWN").areUnset()).isFalse();
    assertThat(dropping("ALL").areUnset()).isFalse();
  }

  @Test
  void allStandsForEveryOne() {
    assertThat(dropping("ALL").drops(List.of("NET_RAW", "CHOWN"))).isTrue();
    assertThat(dropping("NET_RAW", "CHOWN").drops(List.of("NET_RAW"))).isTrue();
    assertThat(dropping("NET_RAW").drops(List.of("NET_RAW", "CHOWN"))).isFalse();
    assertThat(dropping("NET_RAW").drops(List.of("ALL"))).isFalse();
    assertThat(dropping().drops(List.of())).isTrue();
  }

  @Test
  void eachIsRefusedByTheLaxestLevelThatDoes() {
    var some = adding("SYS_ADMIN", "CHOWN", "NET_BIND_SERVICE", "ALL");

    assertThat(some.refusedBy(PodSecurityLevel.PRIVILEGED)).isEmpty();
    assertThat(some.refusedBy(PodSecurityLevel.BASELINE)).containsExactly("SYS_ADMIN", "ALL");
    assertThat(some.refusedBy(PodSecurityLevel.RESTRICTED)).containsExactly("CHOWN");
  }

  @ParameterizedTest
  @ValueSource(strings = {"CAP_NET_RAW", "net_raw", "NET-RAW", ""})
  void whatIsNoNameIsRefused(String name) {
    LinuxCapabilities.requireNames("drop", List.of("ALL", "NET_RAW", "BPF"));

    assertThatIllegalArgumentException()
        .isThrownBy(() -> LinuxCapabilities.requireNames("drop", List.of(name)))
        .withMessageStartingWith("drop: \"" + name + "\" is not a capability: write ");
  }

  private static LinuxCapabilities adding(String... names) {
    return new LinuxCapabilities(List.of(names), List.of());
  }

  private static LinuxCapabilities dropping(String... names) {
    return new LinuxCapabilities(List.of(), List.of(names));
  }
}
