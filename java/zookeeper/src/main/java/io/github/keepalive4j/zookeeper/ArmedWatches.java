package io.github.keepalive4j.zookeeper;

import io.github.keepalive4j.internal.SafeLogger;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The watches of one guard, and what the guard's owner hears of their arming. Thread-safe. */
final class ArmedWatches {
  private static final System.Logger LOGGER = SafeLogger.of(ArmedWatches.class);

  private final Consumer<Arming> listener;
  private final Set<FollowedRecord> watches = ConcurrentHashMap.newKeySet();
  private final Queue<Arming> untold = new ArrayDeque<>(); // guarded by this
  private Arming last = Arming.IDLE; // guarded by this
  private boolean isTelling; // guarded by this

  ArmedWatches(Consumer<Arming> listener) {
    this.listener = listener;
  }

  void add(FollowedRecord watch) {
    watches.add(watch);
  }

  void remove(FollowedRecord watch) {
    if (watches.remove(watch)) {
      note();
      tell();
    }
  }

  /** Returns the guard's arming: that of the watch that is worst off. */
  synchronized Arming latest() {
    return last;
  }

  /** Has each watch read the record again. */
  void checkAll() {
    watches.forEach(FollowedRecord::check);
  }

  void disconnectedAll() {
    watches.forEach(FollowedRecord::disconnected);
    note();
    tell();
  }

  /** Notes that no takeover was possible, although it may be by now. */
  void noteGap(String reason) {
    if (!watches.isEmpty()) {
      note(Arming.not(reason));
    }
  }

  /** Notes what has changed, without telling it yet. */
  synchronized void note() {
    note(
        watches.stream()
            .map(FollowedRecord::arming)
            .max(Comparator.comparing(Arming::state))
            .orElse(Arming.IDLE));
  }

  private synchronized void note(Arming now) {
    if (!now.equals(last)) {
      last = now;
      untold.add(now);
    }
  }

  /** Tells the listener what was noted, on this thread unless another one is telling. */
  void tell() {
    Arming next = begin();
    while (next != null) {
      try {
        listener.accept(next);
      } catch (Throwable e) { // a listener's error must not cost the protection
        LOGGER.log(System.Logger.Level.WARNING, "a listener of the guard's arming failed", e);
      }
      next = next();
    }
  }

  private synchronized @Nullable Arming begin() {
    return isTelling ? null : next();
  }

  private synchronized @Nullable Arming next() {
    Arming next = untold.poll();
    isTelling = next != null;
    return next;
  }
}
