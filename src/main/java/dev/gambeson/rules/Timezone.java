package dev.gambeson.rules;

import dev.gambeson.pod.ContainerRef;
import dev.gambeson.pod.PodPatch;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.EnvVar;
import java.time.ZoneId;

@Doc(
    """
    Gives every container the cluster's time zone.
    """)
final class Timezone implements Rule.Fix<Timezone.Options> {

  /** The options of the rule. */
  record Options(@Doc("the IANA time zone, `Asia/Shanghai` for example") ZoneId zone) {}

  @Override
  public Options defaults() {
    return new Options(ZoneId.of("UTC"));
  }

  @Override
  public Risk risk() {
    return Risk.SAFE;
  }

  @Override
  public void fix(Options options, PodPatch patch, Scope scope) {
    for (var container : ContainerRef.fixable(patch.pod())) {
      boolean set =
          container.container().getEnv().stream().anyMatch(env -> "TZ".equals(env.getName()));
      if (!set) {
        patch
            .container(container)
            .append(
                "env",
                Container::getEnv,
                Container::setEnv,
                new EnvVar("TZ", options.zone().getId(), null));
      }
    }
  }
}
