package dev.gambeson.rules;

import dev.gambeson.pod.ContainerRef;
import dev.gambeson.pod.FieldPath;
import dev.gambeson.pod.Glob;
import dev.gambeson.rule.Doc;
import dev.gambeson.rule.Requester;
import dev.gambeson.rule.Rule;
import dev.gambeson.rule.Scope;
import dev.gambeson.rule.Violation;
import dev.gambeson.rule.Violations;
import io.fabric8.kubernetes.api.model.OwnerReference;
import io.fabric8.kubernetes.api.model.Pod;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

@Doc(
    """
    Refuses naked pods: nobody creates one anew when it dies, is evicted, or its node goes.

    **Field:** `metadata.ownerReferences`. **Allowed:** a reference with `controller: true`, an
    `apiVersion` and a `kind`, which is one of the `kinds`. (The API server itself asks for `name`
    and `uid`.) Anyone can write such a reference, so the account that creates the pod must be a
    controller's too: one of `controllers`. Where it is not known who creates the pod, in `gambeson
    review` without `--as` for example, the reference alone is judged.

    **Let through:** whatever the accounts in `users` and `groups` create, and whatever is created
    in `namespaces`.

    **Mind:** an operator that creates pods itself has an account of its own: add it to
    `controllers`, as `system:serviceaccount:<namespace>:<name>`. `kubectl run` and `kubectl debug
    node/…` make naked pods.
    """)
record ControlledPods(
    @Doc("the kinds of owners that count; empty for any") List<String> kinds,
    @Doc("the accounts of controllers: patterns in which `*` stands for any characters")
        List<String> controllers,
    @Doc("accounts that may create naked pods: patterns") List<String> users,
    @Doc("groups whose members may create naked pods: patterns") List<String> groups,
    @Doc("namespaces in which anyone may create naked pods: patterns") List<String> namespaces)
    implements Rule.Check {
  ControlledPods {
    kinds = List.copyOf(kinds);
    controllers = List.copyOf(controllers);
    users = List.copyOf(users);
    groups = List.copyOf(groups);
    namespaces = List.copyOf(namespaces);
  }

  ControlledPods() {
    this(
        List.of(),
        List.of("system:kube-controller-manager", "system:serviceaccount:kube-system:*"),
        List.of(),
        List.of(),
        List.of());
  }

  @Override
  public Set<ContainerRef.Kind> containerKinds() {
    return Set.of();
  }

  @Override
  public void check(Pod pod, Scope scope, Violations violations) {
    var requester = scope.requester();
    if (Glob.anyMatches(namespaces(), scope.namespace())
        || Glob.anyMatches(users(), requester.user())
        || isInGroup(requester)) {
      return;
    }
    var path = FieldPath.of("metadata", "ownerReferences");
    var kinds = kinds();
    var owner = controller(pod);
    if (owner == null) {
      violations
          .at(path)
          .found("no controller")
          .wanted("a pod that a controller creates: write a Deployment, StatefulSet or Job instead")
          .withoutRemedy();
    } else if (!kinds.isEmpty() && !kinds.contains(owner.getKind())) {
      violations
          .at(path)
          .found(owner.getKind())
          .wanted("a controller of kind " + Violation.list(kinds, ", "))
          .allowed(kinds)
          .withoutRemedy();
    } else if (!requester.user().isEmpty() && !Glob.anyMatches(controllers(), requester.user())) {
      violations
          .at(path)
          .found(owner.getKind() + ", written by " + requester.user())
          .wanted(
              "a pod that its controller creates, from an account among the controllers of this rule")
          .withoutRemedy();
    }
  }

  private boolean isInGroup(Requester requester) {
    for (var group : requester.groups()) {
      if (Glob.anyMatches(groups(), group)) {
        return true;
      }
    }
    return false;
  }

  private static @Nullable OwnerReference controller(Pod pod) {
    for (var owner : pod.getMetadata().getOwnerReferences()) {
      if (Boolean.TRUE.equals(owner.getController())
          && isWritten(owner.getApiVersion())
          && isWritten(owner.getKind())) {
        return owner;
      }
    }
    return null;
  }

  private static boolean isWritten(@Nullable String field) {
    return field != null && !field.isEmpty();
  }
}
