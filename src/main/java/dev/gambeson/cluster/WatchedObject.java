package dev.gambeson.cluster;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.Informable;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An object of the cluster, kept up to date by a watch that is restarted after every failure.
 *
 * <p>A watch with a dead connection looks like a watch without events. So each watch is replaced
 * after a while by a new one, which first reads the object again.
 *
 * @param <T> the kind
 */
final class WatchedObject<T extends HasMetadata> implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(WatchedObject.class);
  private static final Duration LIFE = Duration.ofMinutes(1);

  /** An API server ends each watch; the client then has this time to restart it. */
  private static final Duration GRACE = Duration.ofSeconds(3);

  private final String title;
  private final Informable<T> named;
  private final Runnable onChange;
  private final long life;
  private volatile SharedIndexInformer<T> current;
  private @Nullable SharedIndexInformer<T> successor;
  private long begun;
  private long watchedLast;
  private volatile @Nullable String failure;

  /**
   * Starts to watch.
   *
   * @param title the object in messages
   * @param onChange called when the object is created, updated or deleted
   */
  WatchedObject(String title, Informable<T> named, Runnable onChange) {
    this(title, named, onChange, LIFE);
  }

  /**
   * Starts to watch.
   *
   * @param life after which a watch is replaced by another
   */
  WatchedObject(String title, Informable<T> named, Runnable onChange, Duration life) {
    this.title = title;
    this.named = named;
    this.onChange = onChange;
    this.life = life.toNanos();
    current = informer();
    begin(current);
  }

  String title() {
    return title;
  }

  /** Whether the object was read, or is known not to exist. */
  boolean isKnown() {
    return current.hasSynced();
  }

  /** The object as last seen; empty if there is none. */
  Optional<T> now() {
    return current.getStore().list().stream().findFirst();
  }

  /** Why the object is not watched; empty while it is. */
  Optional<String> failure() {
    return Optional.ofNullable(failure).map(reason -> title + " is not watched: " + reason);
  }

  /** Restarts the watch if necessary; one thread must call this regularly. */
  void keepWatching() {
    long now = System.nanoTime();
    var next = successor;
    if (next == null) {
      if (isWatching()) {
        watchedLast = now;
        recover();
      }
      boolean ended = isKnown() && now - watchedLast > GRACE.toNanos();
      if (ended || now - begun > life) {
        follow();
      }
    } else if (next.hasSynced()) {
      current.close();
      current = next;
      successor = null;
      watchedLast = now;
      recover();
    } else if (now - begun > life) {
      next.close();
      follow();
    }
  }

  private boolean isWatching() {
    try {
      return current.isWatching();
    } catch (NullPointerException e) {
      // Between two watches, fabric8 reports a watch that it does not have yet.
      return false;
    }
  }

  /** Starts another watch, which replaces the present one once it has read the object. */
  private void follow() {
    var next = informer();
    // Do not start from the watch cache of an API server, which may be behind.
    next.initialState(current.getStore().list().stream());
    successor = next;
    begin(next);
  }

  private SharedIndexInformer<T> informer() {
    var informer = named.runnableInformer(0);
    informer.exceptionHandler((started, cause) -> {
      fail(reason(cause));
      onChange.run();
      return true;
    });
    return informer.addEventHandler(
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
  }

  private void begin(SharedIndexInformer<T> informer) {
    begun = System.nanoTime();
    watchedLast = begun;
    informer.start();
  }

  private void fail(String reason) {
    if (!reason.equals(failure)) {
      LOG.warn("{} is not watched, retrying: {}", title, reason);
    }
    failure = reason;
  }

  private void recover() {
    if (failure != null) {
      LOG.info("{} is watched again", title);
    }
    failure = null;
  }

  @Override
  public void close() {
    current.close();
    if (successor != null) {
      successor.close();
    }
  }

  /** Why a request to the API server failed, in one line. */
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
