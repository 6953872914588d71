package dev.gambeson.cluster;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gambeson.pod.FieldPath;
import dev.gambeson.review.KubernetesObject;
import dev.gambeson.review.Namespaces;
import dev.gambeson.review.RunningPods;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What a live cluster holds, as its authors wrote it: workloads that nothing else controls, pods
 * without a controller, for the pods of a controller that is not read one for all that are alike,
 * and what says how they are judged.
 *
 * @param objects Namespaces, LimitRanges, ResourceQuotas, PriorityClasses and webhook
 *     configurations before the rest; none has a {@code status} or a {@code uid}
 * @param pods those that run, by workload
 * @param problems what is missing, each in one line
 * @param remarks what is missing, and makes a verdict less exact at most
 * @param unread the kinds that are missing
 */
public record ClusterObjects(
    List<KubernetesObject> objects,
    List<RunningPods> pods,
    List<String> problems,
    List<String> remarks,
    Set<String> unread) {
  private static final int RETRIES = 3;
  private static final int TIMEOUT_MILLIS = 60_000;

  public ClusterObjects {
    objects = List.copyOf(objects);
    pods = List.copyOf(pods);
    problems = List.copyOf(problems);
    remarks = List.copyOf(remarks);
    unread = Set.copyOf(unread);
  }

  /**
   * Reads them. What the user may not read is missing; the rest is there.
   *
   * @param namespace null for all; of those that no webhook ever covers there is nothing then
   * @throws UnreadableClusterException if there is no such cluster, or it does not answer, or does
   *     not know the user
   */
  public static ClusterObjects read(
      ClusterAccess access, @Nullable String namespace, ClusterProgress progress)
      throws UnreadableClusterException {
    var config = access.config();
    config.setRequestRetryBackoffLimit(RETRIES);
    config.setRequestTimeout(TIMEOUT_MILLIS);
    try (var client = new KubernetesClientBuilder().withConfig(config).build()) {
      return new Reading(client, namespace == null ? "" : namespace, progress).read();
    }
  }

  private static final class Reading {
    private final Config config;
    private final ObjectList lists;
    private final String namespace;
    private final List<KubernetesObject> objects = new ArrayList<>();
    private final List<String> problems = new ArrayList<>();
    private final List<String> remarks = new ArrayList<>();
    private final Set<String> unread = new HashSet<>();
    private final Controllers controllers = new Controllers();
    private PodGroups pods = new PodGroups(controllers);

    Reading(KubernetesClient client, String namespace, ClusterProgress progress) {
      config = client.getConfiguration();
      lists = new ObjectList(client, progress);
      this.namespace = namespace;
    }

    ClusterObjects read() throws UnreadableClusterException {
      for (var kind : ListedKind.values()) {
        try {
          read(kind);
        } catch (ObjectList.RefusedException e) {
          refused(kind, e);
        } catch (IOException e) {
          throw ClusterAccess.unreachable(e, config);
        }
      }
      objects.addAll(pods.objects());
      var running = new ArrayList<>(pods.groups());
      if (namespace.isEmpty()) {
        objects.removeIf(object -> Namespaces.OF_THE_CLUSTER.contains(object.namespace("")));
        running.removeIf(group -> Namespaces.OF_THE_CLUSTER.contains(group.namespace()));
      }
      return new ClusterObjects(objects, running, problems, remarks, unread);
    }

    private void read(ListedKind kind) throws ObjectList.RefusedException, IOException {
      switch (kind) {
        case Namespace -> readNamespaces();
        case Pod ->
            pods =
                lists.read(kind.path(namespace), kind.plural(), () -> new PodGroups(controllers));
        case Deployment,
            StatefulSet,
            DaemonSet,
            CronJob,
            ReplicaSet,
            ReplicationController,
            Job -> {
          var read =
              lists.read(
                  kind.path(namespace), kind.plural(), () -> new Workloads(kind, controllers));
          controllers.add(kind, read.links());
          objects.addAll(read.objects());
        }
        case LimitRange,
            ResourceQuota,
            PriorityClass,
            MutatingWebhookConfiguration,
            ValidatingWebhookConfiguration ->
            objects.addAll(
                lists.read(kind.path(namespace), kind.plural(), () -> new Kept(kind)).objects);
      }
    }

    private void readNamespaces() throws ObjectList.RefusedException, IOException {
      var kept = new Kept(ListedKind.Namespace);
      var path = ListedKind.Namespace.path("");
      if (namespace.isEmpty()) {
        kept = lists.read(path, "namespaces", () -> new Kept(ListedKind.Namespace));
      } else {
        kept.accept(lists.object(path + "/" + namespace));
      }
      objects.addAll(kept.objects);
    }

    /** A kind that this API server does not have has no objects; a namespace may be missing. */
    private void refused(ListedKind kind, ObjectList.RefusedException e)
        throws UnreadableClusterException {
      var said = String.valueOf(e.getMessage());
      if (e.code() == HttpURLConnection.HTTP_UNAUTHORIZED) {
        throw ClusterAccess.unknownUser(said, config);
      }
      if (e.code() == HttpURLConnection.HTTP_NOT_FOUND && kind == ListedKind.Namespace) {
        throw new UnreadableClusterException(
            "there is no namespace \"" + namespace + "\" in the cluster " + config.getMasterUrl());
      }
      if (e.code() != HttpURLConnection.HTTP_NOT_FOUND) {
        unread.add(kind.name());
        (kind.optional ? remarks : problems).add(kind.plural() + " are not read: " + said);
      }
    }
  }

  private static final class Kept implements Consumer<ObjectNode> {
    private final ListedKind kind;
    private final List<KubernetesObject> objects = new ArrayList<>();

    Kept(ListedKind kind) {
      this.kind = kind;
    }

    @Override
    public void accept(ObjectNode item) {
      boolean isQuota = kind == ListedKind.ResourceQuota;
      var status = item.get("status");
      AuthoredPod.strip(item);
      if (isQuota && status != null) {
        item.set("status", status);
      }
      objects.add(object(kind, item));
    }
  }

  static KubernetesObject object(ListedKind kind, ObjectNode item) {
    item.put("apiVersion", kind.apiVersion).put("kind", kind.name());
    return new KubernetesObject(kind.apiVersion, kind.name(), FieldPath.ROOT, item);
  }
}
