package dev.gambeson.rules;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gambeson.pod.ContainerRef;
import dev.gambeson.pod.FieldPath;
import io.fabric8.kubernetes.api.model.ContainerBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ResourceBoundsTest {
  private static final ResourceBounds BOUNDS =
      new ResourceBounds(Map.of("cpu", new Quantity("2")), Map.of("memory", new Quantity("2")));

  @Test
  void requestsAndLimitsAreEachHeldAgainstTheMaximum() {
    assertThat(beyond("cpu", "2000m", "2")).isEmpty();
    assertThat(beyond("cpu", "2001m", "3"))
        .containsExactly(
            "[Resources] container \"web\": spec.containers[0].resources.requests.cpu: found 2001m,"
                + " wanted at most 2",
            "[Resources] container \"web\": spec.containers[0].resources.limits.cpu: found 3, wanted at"
                + " most 2");
    assertThat(beyond("memory", "1Ti", "1Ti")).isEmpty();
  }

  @Test
  void aLimitIsHeldAgainstItsRequest() {
    assertThat(beyond("memory", "512Mi", "1Gi")).isEmpty();
    assertThat(beyond("memory", "511Mi", "1Gi"))
        .containsExactly(
            "[Resources] container \"web\": spec.containers[0].resources.limits.memory: found 1Gi,"
                + " wanted at most 2 times the request of 511Mi");
  }

  @Test
  void whatIsNoQuantityIsLeftToTheApiServer() {
    assertThat(beyond("cpu", "lots", "2")).isEmpty();
    assertThat(beyond("memory", "1Mi", "lots")).isEmpty();
  }

  private static List<String> beyond(String name, String request, String limit) {
    var container =
        new ContainerBuilder()
            .withName("web")
            .withNewResources()
            .addToRequests(name, new Quantity(request))
            .addToLimits(name, new Quantity(limit))
            .endResources()
            .build();
    var violations = new Violations(new Resources());
    BOUNDS.check(new ContainerRef(ContainerRef.Kind.REGULAR, 0, container), violations);
    return violations.all().stream().map(violation -> violation.message(FieldPath.ROOT)).toList();
  }
}
