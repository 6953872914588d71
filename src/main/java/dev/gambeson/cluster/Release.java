package dev.gambeson.cluster;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What an installation consists of in the cluster: everything that is read or written there, by
 * name.
 *
 * @param namespace of the Secret and the ConfigMap
 * @param secret holds the certificate authorities and the last good configuration
 * @param configMap holds the configuration
 * @param trust null where somebody else sees to certificates
 */
public record Release(String namespace, String secret, String configMap, @Nullable Trust trust) {

  /**
   * Who calls the webhooks, and by which names.
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
