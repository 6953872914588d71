package dev.gambeson.rules;

import static dev.gambeson.pod.Fields.ENABLE_SERVICE_LINKS;

import dev.gambeson.pod.ContainerRef;
import dev.gambeson.pod.FieldPath;
import dev.gambeson.pod.PodPatch;
import dev.gambeson.rule.Doc;
import dev.gambeson.rule.Risk;
import dev.gambeson.rule.Rule;
import dev.gambeson.rule.Scope;
import dev.gambeson.rule.Tell;
import dev.gambeson.rule.Violations;
import io.fabric8.kubernetes.api.model.Pod;
import java.util.Optional;
import java.util.Set;

@Doc(
    """
    Keeps the addresses of the namespace's Services out of the environment of containers.

    **The fix changes a value:** `enableServiceLinks: true`, which is also what the API server
    writes where the author wrote nothing, becomes `false`. The two cannot be told apart: a pod that
    wants the variables must skip this fix.

    **Field:** `spec.enableServiceLinks`. **Allowed:** `false`.

    With links each container starts with several variables for every Service of its namespace. With
    thousands of Services programs start slowly, or not at all (`argument list too long`), and a
    Service named like a program's own setting, such as `redis` with its `REDIS_PORT`, changes what
    that program does.

    **Mind:** a program that reads `FOO_SERVICE_HOST` or `FOO_PORT` finds nothing there any more:
    let it use the Service's DNS name. The variables of the API server itself,
    `KUBERNETES_SERVICE_HOST` and the like, stay.

    **Standard:** none; the check is the rule's own.
    """)
record ServiceLinks() implements Rule.Fix, Rule.Check {

  @Override
  public Set<ContainerRef.Kind> containerKinds() {
    return Set.of();
  }

  @Override
  public Risk risk() {
    return Risk.MAY_FAIL_AT_RUNTIME;
  }

  @Override
  public Optional<Tell> tell() {
    return Optional.of(
        new Tell(
            Tell.EXEC + " env",
            "shows the variables of Services, such as WEB_SERVICE_HOST: the program must read none of them"));
  }

  @Override
  public void fix(PodPatch patch, Scope scope) {
    if (hasLinks(patch.pod())) {
      patch.spec().replace(ENABLE_SERVICE_LINKS, false);
    }
  }

  @Override
  public void check(Pod pod, Scope scope, Violations violations) {
    if (hasLinks(pod)) {
      var value = pod.getSpec().getEnableServiceLinks();
      violations
          .at(FieldPath.of("spec", "enableServiceLinks"))
          .found(value)
          .wanted("false")
          .remedy(false);
    }
  }

  private static boolean hasLinks(Pod pod) {
    return !Boolean.FALSE.equals(pod.getSpec().getEnableServiceLinks());
  }
}
