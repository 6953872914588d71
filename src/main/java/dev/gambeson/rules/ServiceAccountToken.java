package dev.gambeson.rules;

import static dev.gambeson.pod.Fields.AUTOMOUNT_SERVICE_ACCOUNT_TOKEN;
import static dev.gambeson.pod.Fields.VOLUMES;
import static dev.gambeson.pod.Fields.VOLUME_MOUNTS;

import dev.gambeson.pod.ContainerRef;
import dev.gambeson.pod.FieldPath;
import dev.gambeson.pod.Glob;
import dev.gambeson.pod.PodPatch;
import dev.gambeson.pod.PodSelector;
import dev.gambeson.pod.PodTraits;
import dev.gambeson.rule.Doc;
import dev.gambeson.rule.ExceptedPods;
import dev.gambeson.rule.Risk;
import dev.gambeson.rule.Rule;
import dev.gambeson.rule.Scope;
import dev.gambeson.rule.Tell;
import dev.gambeson.rule.Violations;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.VolumeProjection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

@Doc(
    """
    Keeps the token of the service account `default` out of pods that never asked for it.

    **The fix removes something:** it sets `automountServiceAccountToken: false` where the pod says
    neither `true` nor `false`, and takes out the volume `kube-api-access-…` and its mounts, which
    the API server has put in by then.

    **Fields:** `spec.automountServiceAccountToken`, `spec.volumes`, `volumeMounts`. **Allowed:**
    `false`, or `true` where the pod calls the API server.

    **Left alone:** pods with a service account of their own, which someone gave them on purpose;
    pods that say `automountServiceAccountToken: true`; pods that mount the token volume at another
    path as well; pods that `exceptPods` or `exceptServiceAccounts` names; and, by the fix only,
    pods that another webhook equips with a sidecar which needs the token (`injectors`), and pods
    whose controller is of a kind in `except.ownerKinds`: the executor of an Argo `Workflow` reports
    each step to the API server, by the service account `default` where nobody gave it another. The
    check asks of all those that they say `automountServiceAccountToken: true`.
    """)
record ServiceAccountToken(
    @Doc(
            "annotations by which another webhook adds a sidecar that needs the token; a pod that has one, with another value than"
                + " `false` or `disabled`, keeps the token")
        List<String> injectors,
    @Doc(
            "volumes of such sidecars, for webhooks that act by a label of the namespace; a pod that has one keeps the token")
        List<String> injectorVolumes,
    @Doc("pods that keep the token, by their labels") List<PodSelector> exceptPods,
    @Doc(
            "service accounts whose pods keep the token, as `NAMESPACE/default`; `*` stands for any characters")
        List<String> exceptServiceAccounts)
    implements Rule.Fix, Rule.Check {
  private static final String DEFAULT = "default";
  private static final String MOUNT_PATH = "/var/run/secrets/kubernetes.io/serviceaccount";
  private static final String WORKFLOW = "Workflow";
  private static final Pattern VOLUME_NAME = Pattern.compile("kube-api-access-[a-z0-9]{5}");

  ServiceAccountToken {
    injectors = List.copyOf(injectors);
    injectorVolumes = List.copyOf(injectorVolumes);
    exceptPods = List.copyOf(exceptPods);
    exceptServiceAccounts = List.copyOf(exceptServiceAccounts);
    for (var account : exceptServiceAccounts) {
      if (!account.endsWith("/" + DEFAULT)) {
        throw new IllegalArgumentException(
            "exceptServiceAccounts: \""
                + account
                + "\": only pods of the service account default lose their token: write"
                + " NAMESPACE/default");
      }
    }
  }

  ServiceAccountToken() {
    this(
        List.of(
            "consul.hashicorp.com/connect-inject",
            "dapr.io/enabled",
            "linkerd.io/inject",
            "vault.hashicorp.com/agent-inject",
            "vault.security.banzaicloud.io/vault-addr"),
        List.of("consul-connect-inject-data", "linkerd-identity-end-entity", "vault-secrets"),
        List.of(),
        List.of());
  }

  @Override
  public ExceptedPods except() {
    return new ExceptedPods(List.of(ExceptedPods.VIRTUAL_MACHINE, WORKFLOW), List.of());
  }

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
            "kubectl auth can-i --list -n "
                + Tell.NAMESPACE
                + " --as=system:serviceaccount:"
                + Tell.NAMESPACE
                + ":"
                + Tell.ACCOUNT,
            "lists what the token lets the pod do: what goes beyond other accounts is likely in use"));
  }

  @Override
  public void fix(PodPatch patch, Scope scope) {
    var pod = patch.pod();
    if (pod.getSpec().getAutomountServiceAccountToken() != null
        || isExcepted(pod, scope)
        || hasInjector(pod)) {
      return;
    }
    var volume = tokenVolume(pod).orElse(null);
    if (volume != null && isMountedElsewhere(volume, pod)) {
      return;
    }
    patch.spec().fill(AUTOMOUNT_SERVICE_ACCOUNT_TOKEN, false);
    if (volume != null) {
      for (var container : ContainerRef.fixable(pod)) {
        patch
            .container(container)
            .removeIf(VOLUME_MOUNTS, mount -> volume.getName().equals(mount.getName()));
      }
      patch.spec().removeIf(VOLUMES, volume::equals);
    }
  }

  @Override
  public void check(Pod pod, Scope scope, Violations violations) {
    if (pod.getSpec().getAutomountServiceAccountToken() != null || isExcepted(pod, scope)) {
      return;
    }
    var volume = tokenVolume(pod).orElse(null);
    if (volume != null) {
      violations
          .at(FieldPath.of("spec", "automountServiceAccountToken"))
          .found("nothing, and so a token is mounted")
          .wanted("false, or true where the pod calls the API server")
          .remedy(
              hasInjector(pod)
                  || isMountedElsewhere(volume, pod)
                  || PodTraits.controllerKind(pod).filter(WORKFLOW::equals).isPresent());
    }
  }

  private boolean isExcepted(Pod pod, Scope scope) {
    var account = pod.getSpec().getServiceAccountName();
    return (account != null && !account.isEmpty() && !account.equals(DEFAULT))
        || exceptPods().stream().anyMatch(selector -> selector.matches(pod))
        || exceptServiceAccounts().stream()
            .anyMatch(glob -> new Glob(glob).matches(scope.namespace() + "/" + DEFAULT));
  }

  private boolean hasInjector(Pod pod) {
    var annotations = PodTraits.annotations(pod);
    for (var name : injectors()) {
      var value = annotations.getOrDefault(name, "false");
      if (!value.equals("false") && !value.equals("disabled")) {
        return true;
      }
    }
    for (var volume : pod.getSpec().getVolumes()) {
      if (volume.getName() != null && injectorVolumes().contains(volume.getName())) {
        return true;
      }
    }
    return false;
  }

  private static boolean isMountedElsewhere(Volume volume, Pod pod) {
    for (var container : ContainerRef.all(pod)) {
      for (var mount : container.container().getVolumeMounts()) {
        if (volume.getName().equals(mount.getName()) && !MOUNT_PATH.equals(mount.getMountPath())) {
          return true;
        }
      }
    }
    return false;
  }

  /** The volume that the API server adds: of its name, and of its three sources only. */
  private static Optional<Volume> tokenVolume(Pod pod) {
    for (var volume : pod.getSpec().getVolumes()) {
      if (volume.getProjected() != null
          && volume.getName() != null
          && VOLUME_NAME.matcher(volume.getName()).matches()
          && volume.getProjected().getSources().size() == 3
          && areOfTheApiServer(volume.getProjected().getSources())) {
        return Optional.of(volume);
      }
    }
    return Optional.empty();
  }

  private static boolean areOfTheApiServer(List<VolumeProjection> sources) {
    for (var source : sources) {
      if (!isOfTheApiServer(source)) {
        return false;
      }
    }
    return true;
  }

  private static boolean isOfTheApiServer(VolumeProjection source) {
    var token = source.getServiceAccountToken();
    var configMap = source.getConfigMap();
    return token != null
        ? token.getAudience() == null && "token".equals(token.getPath())
        : configMap != null
            ? "kube-root-ca.crt".equals(configMap.getName())
            : source.getDownwardAPI() != null;
  }
}
