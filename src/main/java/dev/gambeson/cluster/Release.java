package dev.gambeson.cluster;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The objects of an installation that a replica reads or writes, by name.
 *
 * @param namespace of the Secret and the ConfigMap
 * @param secret contains the certificate authorities and the last good configuration
 * @param configMap contains the configuration
 * @param trust null if certificates are not managed here
 */
public record Release(String namespace, String secret, String configMap, @Nullable Trust trust) {

  /**
   * How the API server calls the webhooks.
   *
   * @param webhookConfigurations the name of the MutatingWebhookConfiguration and of the
   *     ValidatingWebhookConfiguration
   * @param dnsNames by which the API server calls the webhooks
   */
  public record Trust(String webhookConfigurations, List<String> dnsNames) {
    public Trust {
      dnsNames = List.copyOf(dnsNames);
    }
  }
}
