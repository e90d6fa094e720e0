package io.github.keepalive4j.internal.shim;

import com.sun.jna.Native;
import com.sun.jna.Pointer;
import io.github.keepalive4j.FailureCause;
import io.github.keepalive4j.KeepaliveException;
import io.github.keepalive4j.internal.Errno;
import io.github.keepalive4j.internal.Link;
import io.github.keepalive4j.internal.LinkEvent;
import io.github.keepalive4j.internal.Listener;
import io.github.keepalive4j.internal.Poller;
import io.github.keepalive4j.internal.WatchSettings;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.LongBuffer;
import java.nio.channels.ClosedSelectorException;
import java.util.Arrays;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;

/**
 * A monitor of the shim. The lock keeps its pointer from being used after it was freed.
 *
 * <p>A waker holds another lock. Otherwise the thread that it wakes would block on the waker's
 * lock, and on a busy machine wait until the waker has a processor again.
 */
final class ShimPoller implements Poller {
  private static final int CAPACITY = 256;

  /** Of ka_monitor_unwatch: the link had ended, and nobody has been told. */
  private static final int ENDED = 1;

  private final Object lock = new Object();
  private final ReadWriteLock wakeLock = new ReentrantReadWriteLock();
  private final LongBuffer events =
      ByteBuffer.allocateDirect(CAPACITY * Layout.EVENT_SIZE)
          .order(ByteOrder.nativeOrder())
          .asLongBuffer();
  private final long eventsAddress = Pointer.nativeValue(Native.getDirectBufferPointer(events));
  private volatile int count; // events in the buffer; 0 while the shim fills it
  private int next; // on the polling thread only: the first that has not been handed over
  private long monitor; // guarded by lock and wakeLock, read with either; 0 once freed
  private Entry[] byFd = new Entry[64]; // guarded by lock
  private long lastToken; // guarded by lock
  private final long[] lastEvent = EventLayout.empty(); // guarded by lock: of a link that left
  private final Realtime realtime; // null for normal threads

  /**
   * What is watched: a link, or a listener if that is null. The token distinguishes an event of
   * this entry from a late one of an earlier entry with the same descriptor.
   */
  private static final class Entry {
    final Object attachment;
    final ShimLink link;
    final long token;
    boolean ended; // guarded by lock: its final event is handed over, or has been

    Entry(Object attachment, ShimLink link, long token) {
      this.attachment = attachment;
      this.link = link;
      this.token = token;
    }
  }

  ShimPoller(int priority) throws IOException {
    ShimLibrary.acquire();
    boolean open = false;
    try {
      long[] made = new long[1];
      check("making a monitor", Shim.ka_monitor_open(made));
      monitor = made[0];
      realtime = priority > 0 ? Realtime.of(monitor, priority) : null;
      open = true;
    } finally {
      if (!open && monitor == 0) {
        ShimLibrary.release();
      } else if (!open) {
        free();
      }
    }
  }

  @Override
  public void watch(Link link, Object attachment, WatchSettings settings) throws IOException {
    ShimLink shimLink = (ShimLink) link;
    byte[] config = shimLink.watchConfig(settings);
    Descriptor used = shimLink.acquire();
    try {
      add(
          used.number(),
          attachment,
          shimLink,
          (fd, token) -> register(shimLink, fd, token, config));
      if (used.isClosed()) {
        unwatch(link, attachment); // close() may have looked before the link was in the set
      }
    } finally {
      used.release();
    }
  }

  private int register(ShimLink link, int fd, long token, byte[] config) {
    int result = link.beginObservation();
    if (result == 0) {
      result = Shim.ka_monitor_watch(monitor, fd, token, config, link.earlierObservation());
      if (result < 0) {
        link.endObservation();
      }
    }
    return result;
  }

  @Override
  public void listen(Listener listener, Object attachment) throws IOException {
    add(
        ((ShimListener) listener).number(),
        attachment,
        null,
        (fd, token) -> Shim.ka_monitor_listen(monitor, fd, token));
  }

  private void add(int fd, Object attachment, ShimLink link, Registration registration)
      throws IOException {
    synchronized (lock) {
      requireOpen();
      if (fd >= byFd.length) {
        byFd = Arrays.copyOf(byFd, Math.max(fd + 1, byFd.length * 2));
      }
      Entry before = byFd[fd];
      byFd[fd] = new Entry(attachment, link, ++lastToken);
      int result = registration.register(fd, lastToken);
      if (result < 0) {
        byFd[fd] = before;
        check(
            (link == null ? "listening on descriptor " + fd : link.watched(fd)) + lacking(result),
            result);
      }
    }
  }

  @Override
  public LinkEvent unwatch(Link link, Object attachment) {
    ShimLink shimLink = (ShimLink) link;
    int fd = shimLink.number();
    synchronized (lock) {
      Entry entry = fd < byFd.length ? byFd[fd] : null;
      if (monitor == 0 || entry == null || entry.attachment != attachment) {
        return null;
      }
      int result = entry.ended ? -1 : leave(fd, shimLink);
      if (result < 0) {
        return shimLink.isClosing() ? null : underWay(entry); // a closed link has no next observer
      }
      byFd[fd] = null;
      if (result == ENDED) {
        return EventLayout.decode(lastEvent.clone(), shimLink);
      }
      shimLink.endObservation();
      return null;
    }
  }

  private int leave(int fd, ShimLink link) {
    return Shim.ka_monitor_unwatch(monitor, fd, link.observationToKeep(), lastEvent);
  }

  /**
   * Returns the final event of a link that the shim has dropped. The event is in the buffer, or
   * will be as soon as the shim has returned. The buffer stays as it is while the lock is held.
   */
  private LinkEvent underWay(Entry entry) {
    int start = find(entry);
    while (start < 0) {
      Thread.onSpinWait();
      start = find(entry);
    }
    return EventLayout.decode(events, start, entry.link);
  }

  private int find(Entry entry) {
    int filled = count;
    for (int i = 0; i < filled; i++) {
      int start = Layout.EVENT_WORDS * i;
      if (EventLayout.token(events, start) == entry.token
          && EventLayout.type(events, start).isFinal()) {
        return start;
      }
    }
    return -1;
  }

  @Override
  public void wake() {
    wakeLock.readLock().lock();
    try {
      if (monitor != 0) {
        Shim.ka_monitor_wake(monitor);
      }
    } finally {
      wakeLock.readLock().unlock();
    }
  }

  @Override
  public int poll(int timeoutMs, Handler handler) throws IOException {
    if (next >= count) {
      if (realtime != null) {
        realtime.reportLosses();
      }
      int filled = Shim.ka_monitor_wait(beginWait(), eventsAddress, CAPACITY, timeoutMs);
      check("waiting for events", filled);
      count = filled;
    }
    while (next < count) {
      int start = Layout.EVENT_WORDS * next++; // if it throws, the next poll goes on from here
      deliver(start, handler);
    }
    return count;
  }

  private void deliver(int start, Handler handler) {
    Entry entry = begin(start);
    if (entry != null) {
      LinkEvent event = EventLayout.decode(events, start, entry.link);
      handler.on(entry.attachment, event);
      captureOfOpen(event);
    }
  }

  /**
   * After a FIN the connection still exists, and its evidence changes: a callback may take long.
   */
  private static void captureOfOpen(LinkEvent event) {
    if (event.type() == LinkEvent.Type.FAILED && event.cause() == FailureCause.CLOSED) {
      event.evidence().capture();
    }
  }

  /** Returns the entry to hand an event over to, or null if it is no longer watched. */
  private Entry begin(int start) {
    synchronized (lock) {
      Entry entry = entryOf(start);
      if (entry != null) {
        entry.ended = EventLayout.type(events, start).isFinal();
      }
      return entry;
    }
  }

  private Entry entryOf(int start) {
    Entry entry = byFd[EventLayout.fd(events, start)];
    return entry == null || entry.token != EventLayout.token(events, start) ? null : entry;
  }

  /** Empties the buffer, whose events have all been handed over, and returns the monitor. */
  private long beginWait() {
    synchronized (lock) {
      requireOpen();
      for (int i = 0; i < count; i++) {
        forgetEnded(Layout.EVENT_WORDS * i);
      }
      count = 0;
      next = 0;
      return monitor;
    }
  }

  /**
   * A final event's entry stays until all of its batch have been handed over. So {@link #unwatch}
   * finds the event, also while it is being handed over.
   */
  private void forgetEnded(int start) {
    Entry entry = entryOf(start);
    if (entry != null && entry.ended) {
      byFd[EventLayout.fd(events, start)] = null;
    }
  }

  private void requireOpen() {
    if (monitor == 0) {
      throw new ClosedSelectorException();
    }
  }

  @Override
  public Runnable inRealtime(Runnable work) {
    return realtime == null ? work : () -> runInRealtime(work);
  }

  /** A thread that starts after the set was freed is a normal one. */
  private void runInRealtime(Runnable work) {
    boolean open;
    synchronized (lock) {
      open = monitor != 0 && realtime.enter();
    }
    try {
      work.run();
    } finally {
      if (open) {
        realtime.leave();
      }
    }
  }

  @Override
  public void close() {
    wakeLock.writeLock().lock();
    try {
      free();
    } finally {
      wakeLock.writeLock().unlock();
    }
  }

  private void free() {
    synchronized (lock) {
      if (monitor != 0) {
        Shim.ka_monitor_close(monitor);
        monitor = 0;
        ShimLibrary.release();
      }
    }
  }

  private static void check(String what, int result) throws IOException {
    if (result < 0) {
      throw new KeepaliveException(what, -result);
    }
  }

  private static String lacking(int result) {
    return -result == Errno.EAGAIN.number()
        ? ", which needs a native thread for its probes (ulimit -u, pids.max)"
        : "";
  }

  private interface Registration {
    int register(int fd, long token);
  }
}
