package dev.gambeson.cluster;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.gambeson.tls.Authorities;
import dev.gambeson.tls.Rotation;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.admissionregistration.v1.MutatingWebhook;
import io.fabric8.kubernetes.api.model.admissionregistration.v1.ValidatingWebhook;
import io.fabric8.kubernetes.api.model.admissionregistration.v1.WebhookClientConfig;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.Resource;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.security.cert.X509Certificate;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The {@code caBundle} fields of one webhook configuration: the CAs that the API server trusts when
 * it calls the webhooks.
 *
 * @param <T> {@code MutatingWebhookConfiguration} or {@code ValidatingWebhookConfiguration}
 */
final class WebhookCaBundles<T extends HasMetadata> {
  private final Resource<T> resource;
  private final Function<T, List<Entry>> entries;
  private final WatchedObject<T> watched;

  private record Entry(String name, String caBundle) {
    static Entry of(String name, @Nullable WebhookClientConfig client) {
      var bundle = client == null ? null : client.getCaBundle();
      return new Entry(name, bundle == null ? "" : bundle);
    }

    /** The certificates in its bundle; none if it cannot be read. */
    Set<X509Certificate> trusted() {
      try {
        return Set.copyOf(
            Authorities.readCertificates(
                new String(Base64.getMimeDecoder().decode(caBundle), UTF_8)));
      } catch (IllegalArgumentException e) {
        return Set.of();
      }
    }
  }

  private WebhookCaBundles(
      String title, Resource<T> resource, Function<T, List<Entry>> entries, Runnable onChange) {
    this.resource = resource;
    this.entries = entries;
    this.watched = new WatchedObject<>(title, resource, onChange);
  }

  /** The mutating and the validating webhook configuration of that name. */
  static List<WebhookCaBundles<?>> of(KubernetesClient client, String name, Runnable onChange) {
    var api = client.admissionRegistration().v1();
    return List.of(
        new WebhookCaBundles<>(
            "MutatingWebhookConfiguration " + name,
            api.mutatingWebhookConfigurations().withName(name),
            configuration ->
                configuration.getWebhooks().stream().map(WebhookCaBundles::entry).toList(),
            onChange),
        new WebhookCaBundles<>(
            "ValidatingWebhookConfiguration " + name,
            api.validatingWebhookConfigurations().withName(name),
            configuration ->
                configuration.getWebhooks().stream().map(WebhookCaBundles::entry).toList(),
            onChange));
  }

  private static Entry entry(MutatingWebhook webhook) {
    return Entry.of(webhook.getName(), webhook.getClientConfig());
  }

  private static Entry entry(ValidatingWebhook webhook) {
    return Entry.of(webhook.getName(), webhook.getClientConfig());
  }

  WatchedObject<T> watched() {
    return watched;
  }

  /** The certificates that are trusted for every entry; empty if the object does not exist. */
  Optional<Set<X509Certificate>> trusted() {
    return watched
        .now()
        .map(entries)
        .map(all ->
            all.stream()
                .map(Entry::trusted)
                .reduce((some, others) -> {
                  var both = new HashSet<>(some);
                  both.retainAll(others);
                  return both;
                })
                .orElse(Set.of()));
  }

  /** Whether an entry does not trust the right certificates. */
  boolean differs(Rotation rotation) {
    return watched.now().map(entries).stream()
        .flatMap(List::stream)
        .anyMatch(entry -> !rotation.isPublished(entry.trusted()));
  }

  /** Sets the bundle of each entry that differs. */
  void publish(Authorities authorities) {
    var bundle = Base64.getEncoder().encodeToString(authorities.certificatesPem().getBytes(UTF_8));
    var patch = JsonNodeFactory.instance.arrayNode();
    var all = watched.now().map(entries).orElse(List.of());
    for (int i = 0; i < all.size(); i++) {
      if (!all.get(i).caBundle().equals(bundle)) {
        var path = "/webhooks/" + i;
        patch
            .addObject()
            .put("op", "test")
            .put("path", path + "/name")
            .put("value", all.get(i).name());
        patch
            .addObject()
            .put("op", "add")
            .put("path", path + "/clientConfig/caBundle")
            .put("value", bundle);
      }
    }
    if (!patch.isEmpty()) {
      resource.patch(PatchContext.of(PatchType.JSON), patch.toString());
    }
  }
}
