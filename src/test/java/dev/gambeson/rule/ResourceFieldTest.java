package dev.gambeson.rule;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.ResourceRequirements;
import io.fabric8.kubernetes.api.model.ResourceRequirementsBuilder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ResourceFieldTest {
  private static final ResourceField REQUEST = ResourceField.request("memory");
  private static final ResourceField LIMIT = ResourceField.limit("memory");

  @Test
  void itIsReadAsItIsWritten() {
    assertThat(ResourceField.parse("requests.memory")).contains(REQUEST);
    assertThat(ResourceField.parse("limits.ephemeral-storage"))
        .contains(ResourceField.limit("ephemeral-storage"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "memory", "requests", "requests.", ".memory", "limits.gpu", "limit.cpu"})
  void whatIsNoFieldIsNotRead(String text) {
    assertThat(ResourceField.parse(text)).isEmpty();
  }

  @Test
  void aLimitWithoutARequestIsTheRequestToo() {
    var limited =
        new ResourceRequirementsBuilder().addToLimits("memory", new Quantity("1Gi")).build();
    var both =
        new ResourceRequirementsBuilder(limited)
            .addToRequests("memory", new Quantity("64Mi"))
            .build();

    assertThat(REQUEST.writtenIn(limited)).isNull();
    assertThat(REQUEST.isIn(limited)).isFalse();
    assertThat(REQUEST.effectiveIn(limited)).hasToString("1Gi");
    assertThat(REQUEST.effectiveIn(both)).hasToString("64Mi");
    assertThat(LIMIT.effectiveIn(both)).hasToString("1Gi");
  }

  @Test
  void noRequestIsALimit() {
    var requested =
        new ResourceRequirementsBuilder().addToRequests("memory", new Quantity("64Mi")).build();

    assertThat(LIMIT.effectiveIn(requested)).isNull();
    assertThat(LIMIT.effectiveIn(new ResourceRequirements())).isNull();
    assertThat(LIMIT.effectiveIn(null)).isNull();
  }
}
