package dev.gambeson.cluster;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.Informable;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One object of the cluster, kept up to date by a watch that goes on after every failure.
 *
 * @param <T> its kind
 */
final class Watched<T extends HasMetadata> implements AutoCloseable {
  private final String title;
  private final SharedIndexInformer<T> informer;
  private volatile @Nullable String failure;

  /**
   * Begins to watch.
   *
   * @param title of the object, in messages
   * @param onChange called when the object comes, changes or goes
   */
  Watched(String title, Informable<T> named, Runnable onChange) {
    this.title = title;
    informer = named.runnableInformer(0);
    informer.exceptionHandler((started, cause) -> {
      failure = reason(cause);
      onChange.run();
      return true;
    });
    informer.addEventHandler(
        new ResourceEventHandler<T>() {
          @Override
          public void onAdd(T object) {
            onChange.run();
          }

          @Override
          public void onUpdate(T before, T after) {
            onChange.run();
          }

          @Override
          public void onDelete(T object, boolean unknownState) {
            onChange.run();
          }
        });
    informer.start();
  }

  String title() {
    return title;
  }

  /** Whether anything is known: the object, or that there is none. */
  boolean isKnown() {
    return informer.hasSynced();
  }

  /** The object as last seen; empty where there is none. */
  Optional<T> now() {
    return informer.getStore().list().stream().findFirst();
  }

  /** Why nothing new is heard of the object; empty while it is watched. */
  Optional<String> failure() {
    return isWatching()
        ? Optional.empty()
        : Optional.ofNullable(failure).map(reason -> title + " is not watched: " + reason);
  }

  private boolean isWatching() {
    try {
      return informer.isWatching();
    } catch (NullPointerException e) {
      // fabric8 between two watches: it says that it watches before it has one.
      return false;
    }
  }

  @Override
  public void close() {
    informer.close();
  }

  /** What went wrong between us and the API server, in one line. */
  static String reason(Throwable cause) {
    for (var each = cause; each != null; each = each.getCause()) {
      if (each instanceof KubernetesClientException refused && refused.getStatus() != null) {
        var message = refused.getStatus().getMessage();
        if (message != null) {
          return message;
        }
      }
      if (each.getCause() == null) {
        return each.getMessage() == null ? each.toString() : each.getMessage();
      }
    }
    return cause.toString();
  }
}
