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
 * One object of the cluster, kept up to date by a watch that goes on after every failure.
 *
 * <p>A watch whose connection has died without a sign looks like one in which nothing happens. So
 * each is followed by another after a while, which reads the object again first.
 *
 * @param <T> its kind
 */
final class Watched<T extends HasMetadata> implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Watched.class);
  private static final Duration LIFE = Duration.ofMinutes(1);

  /** A watch that ended may come back by itself within this time: an API server ends each. */
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
   * Begins to watch.
   *
   * @param title of the object, in messages
   * @param onChange called when the object comes, changes or goes
   */
  Watched(String title, Informable<T> named, Runnable onChange) {
    this(title, named, onChange, LIFE);
  }

  /**
   * Begins to watch.
   *
   * @param life after which a watch is followed by another
   */
  Watched(String title, Informable<T> named, Runnable onChange, Duration life) {
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

  /** Whether anything is known: the object, or that there is none. */
  boolean isKnown() {
    return current.hasSynced();
  }

  /** The object as last seen; empty where there is none. */
  Optional<T> now() {
    return current.getStore().list().stream().findFirst();
  }

  /** Why nothing new is heard of the object; empty while it is watched. */
  Optional<String> failure() {
    return Optional.ofNullable(failure).map(reason -> title + " is not watched: " + reason);
  }

  /** Sees to it that the watch goes on; to be called again and again, by one thread. */
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
      // fabric8 between two watches: it says that it watches before it has one.
      return false;
    }
  }

  /** Begins another watch, which takes the place of the present one as soon as it knows as much. */
  private void follow() {
    var next = informer();
    // Not from what an API server remembers, which may be older than what is known here.
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
      LOG.warn("{} is not watched, which is tried again: {}", title, reason);
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
