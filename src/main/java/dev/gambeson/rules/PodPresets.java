package dev.gambeson.rules;

import dev.gambeson.pod.ContainerRef;
import dev.gambeson.pod.FieldPath;
import dev.gambeson.pod.HostPathMount;
import dev.gambeson.pod.PodDefaults;
import dev.gambeson.pod.PodPatch;
import dev.gambeson.pod.PodTraits;
import dev.gambeson.rule.Doc;
import dev.gambeson.rule.Injected;
import dev.gambeson.rule.Preset;
import dev.gambeson.rule.PresetMerge;
import dev.gambeson.rule.Risk;
import dev.gambeson.rule.Rule;
import dev.gambeson.rule.Scope;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Volume;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

@Doc(
    """
    Gives pods the environment, volumes and mounts that they all need, as PodPreset did.

    **Fields:** `spec.volumes`; `env`, `envFrom` and `volumeMounts` of init containers, native
    sidecars and regular containers.

    **The fix** gives a pod every preset that selects it, in the order of their names; each whole or
    not at all. What the pod has already, and just so, stays. Where it has something else instead,
    nothing of the preset is added, and a warning names the conflict. Compared are `env` by `name`,
    `envFrom` by `prefix` and source, `volumes` by `name`, `volumeMounts` by `name` and by
    `mountPath`. Of two presets in conflict the first one wins. `Sidecars` of the same profile get
    presets as well.

    Two parts are the same if they mean the same to Kubernetes: defaults that the API server writes,
    and empty values that it drops, make no difference. Nor does a `sizeLimit` of an `emptyDir` that
    the preset leaves open, or the reference of an `image` volume: other fixes may have written
    them.

    **Order:** variables are put before those of the container, in the order of the presets and of
    the variables in each, so that the author's own can use them as `$(NAME)`. Everything else comes
    after what the pod has.

    **Nested mounts:** nothing of the preset is added, with a warning, where the container runtime
    could not make a mount: one of the preset below a mount of the pod that is read-only, or one of
    the pod below a read-only mount of the preset. Read-only are mounts with `readOnly: true`,
    `image` volumes, and claims, CSI and other volumes that say so. Below a ConfigMap, Secret,
    `downwardAPI` or `projected` volume the kubelet makes the folder: there a preset is added,
    unless one of the two mounts is of a single file (`subPath`).

    **Left alone:** pods with the annotation `podpreset.admission.kubernetes.io/exclude: "true"`, as
    before. Where the namespace's own label enforces a Pod Security level that refuses one of the
    volumes, the preset is skipped with a warning.

    **hostPath:** a preset may mount one, read-only and at one place; `HostPathVolumes` of the same
    profile accepts just that mount, in any pod.

    **Mind:** of two `envFrom` sources with the same key Kubernetes takes the last, which is the
    preset's; `env` beats both. A ConfigMap, Secret or claim must exist in each pod's namespace, or
    the pod does not start; mark what may be missing as `optional: true`.
    """)
record PodPresets(
    @Doc(
            "the presets by name: the `pods` by their labels (`{}` for all), `namespaces` as"
                + " patterns (none for all), and `env`, `envFrom`, `volumes`, `volumeMounts` as a pod"
                + " has them")
        Map<String, Preset> presets)
    implements Rule.Injects {
  private static final String EXCLUDE = "podpreset.admission.kubernetes.io/exclude";

  PodPresets {
    presets = Collections.unmodifiableSortedMap(new TreeMap<>(presets));
  }

  PodPresets() {
    this(Map.of());
  }

  @Override
  public Set<ContainerRef.Kind> containerKinds() {
    return ContainerRef.FIXABLE;
  }

  @Override
  public Risk risk() {
    return Risk.MAY_STOP_THE_IMAGE;
  }

  @Override
  public Map<FieldPath, Rule> injections() {
    var all = new LinkedHashMap<FieldPath, Rule>();
    presets()
        .forEach((name, preset) ->
            all.put(
                FieldPath.of("presets", name), new PodPresets(Map.of(name, preset.forAnyPod()))));
    return all;
  }

  @Override
  public List<FieldPath> injected(Pod pod, Scope scope) {
    var injected = new ArrayList<FieldPath>();
    for (var preset : presets().values()) {
      if (preset.selects(pod, scope)) {
        injected.addAll(Injected.places(preset.volumes(), pod));
      }
    }
    return injected;
  }

  @Override
  public List<HostPathMount> hostPaths() {
    return presets().values().stream()
        .flatMap(preset ->
            preset.volumes().stream()
                .filter(volume -> volume.getHostPath() != null)
                .map(volume -> hostPathMount(PodDefaults.complete(volume), preset)))
        .toList();
  }

  private static HostPathMount hostPathMount(Volume volume, Preset preset) {
    var only =
        preset.volumeMounts().stream()
            .filter(mount -> volume.getName().equals(mount.getName()))
            .findFirst()
            .orElseThrow();
    return new HostPathMount(volume.getHostPath().getPath(), volume.getHostPath().getType(), only);
  }

  @Override
  public void fix(PodPatch patch, Scope scope) {
    if (PodTraits.annotation(patch.pod(), EXCLUDE).filter("true"::equals).isPresent()) {
      return;
    }
    presets()
        .forEach((name, preset) -> {
          if (!preset.selects(patch.pod(), scope)) {
            return;
          }
          if (Rules.refuse(List.of(), preset.volumes(), scope)) {
            patch.warn(
                "nothing of "
                    + name
                    + ": the Pod Security level of the namespace refuses one of its volumes");
            return;
          }
          var merge = new PresetMerge(preset, patch, fixable(patch.pod(), scope));
          merge
              .obstacle()
              .ifPresentOrElse(
                  obstacle -> patch.warn("nothing of " + name + ": " + obstacle), merge::apply);
        });
  }
}
