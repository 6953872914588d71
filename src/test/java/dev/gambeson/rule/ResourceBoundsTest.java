package dev.gambeson.rule;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gambeson.pod.ContainerRef;
import dev.gambeson.pod.FieldPath;
import dev.gambeson.rules.Rules;
import io.fabric8.kubernetes.api.model.ContainerBuilder;
import io.fabric8.kubernetes.api.model.PodBuilder;
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
  void whatCannotBeComparedIsBeyondEveryBound() {
    assertThat(beyond("cpu", "1", "1e2147483647"))
        .containsExactly(
            "[Resources] container \"web\": spec.containers[0].resources.limits.cpu: found"
                + " an amount that cannot be compared, wanted at most 2");
    assertThat(beyond("memory", "1e-2147483648", "1"))
        .containsExactly(
            "[Resources] container \"web\": spec.containers[0].resources.requests.memory: found an"
                + " amount that cannot be compared, wanted an amount that the limit can be"
                + " compared with");
  }

  @Test
  void whatThePodSaysAsAWholeIsHeldAgainstThem() {
    var pod =
        new PodBuilder()
            .withNewSpec()
            .withNewResources()
            .addToRequests("memory", new Quantity("1Mi"))
            .addToLimits("memory", new Quantity("100Gi"))
            .addToLimits("cpu", new Quantity("64"))
            .endResources()
            .endSpec()
            .build();
    var violations = new Violations(Rules.named("Resources").orElseThrow());

    BOUNDS.check(pod, violations);

    assertThat(messages(violations))
        .containsExactly(
            "[Resources] spec.resources.limits.cpu: found 64, wanted at most 2",
            "[Resources] spec.resources.limits.memory: found 100Gi, wanted at most 2 times the"
                + " request of 1Mi");
  }

  @Test
  void anAbsentLimitIsNoViolation() {
    var violations = new Violations(Rules.named("Resources").orElseThrow());

    BOUNDS.check(new PodBuilder().withNewSpec().endSpec().build(), violations);
    BOUNDS.check(
        new ContainerRef(ContainerRef.Kind.REGULAR, 0, new ContainerBuilder().build()), violations);

    assertThat(violations.all()).isEmpty();
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
    var violations = new Violations(Rules.named("Resources").orElseThrow());
    BOUNDS.check(new ContainerRef(ContainerRef.Kind.REGULAR, 0, container), violations);
    return messages(violations);
  }

  private static List<String> messages(Violations violations) {
    return violations.all().stream().map(violation -> violation.message(FieldPath.ROOT)).toList();
  }
}
