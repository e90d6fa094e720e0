package io.github.keepalive4j;

import io.github.keepalive4j.internal.LinkEvent;
import io.github.keepalive4j.internal.Poller;
import io.github.keepalive4j.internal.PollerThread;
import io.github.keepalive4j.internal.Recurrence;
import io.github.keepalive4j.internal.WatchSettings;
import io.github.keepalive4j.internal.callback.CallbackThreads;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/** The links under a monitor: one epoll set, and the thread that waits on it. */
final class LinkSet {
  /** What is closed between two looks at the links that are left. */
  private static final int CLOSE_BATCH = 64;

  private final Set<WatchedLink> links = ConcurrentHashMap.newKeySet();
  private final Set<LinkGroup> pending = ConcurrentHashMap.newKeySet(); // on the way to a callback
  private final String threadName;
  private final Poller poller;
  private final Recurrence chore;
  private final List<CallbackThreads> pools = new ArrayList<>(); // complete before the start
  private final PollerThread thread;
  private final Deque<WatchedLink> ended = new ArrayDeque<>(); // on that thread only: to be closed
  private boolean closed; // guarded by links

  /**
   * Makes a set without links, whose thread isn't started.
   *
   * @param chore is run on that thread when it is due, and must be short
   */
  LinkSet(String threadName, Poller poller, Recurrence chore, Consumer<Throwable> errorHandler) {
    this.threadName = threadName;
    this.poller = poller;
    this.chore = chore;
    thread = new PollerThread(threadName, poller, this::step, errorHandler);
  }

  /** Makes a pool that the links' thread helps where no thread can be started. */
  CallbackThreads newThreads(String nameSuffix, Consumer<Runnable> overdue) {
    CallbackThreads pool =
        new CallbackThreads(threadName + nameSuffix, poller::wake, overdue, poller::inRealtime);
    pools.add(pool);
    return pool;
  }

  /** Starts the thread. If none is to be had, the epoll set is freed. */
  void start() {
    boolean started = false;
    try {
      thread.start();
      pools.forEach(CallbackThreads::keepOne);
      started = true;
    } finally {
      if (!started) {
        thread.end();
      }
    }
  }

  int size() {
    return links.size();
  }

  boolean contains(WatchedLink link) {
    return links.contains(link);
  }

  boolean isOpen() {
    synchronized (links) {
      return !closed;
    }
  }

  boolean isWorking() {
    return thread.isWorking();
  }

  /** Adds a link, which has no other observer. */
  void add(WatchedLink watched, WatchSettings settings) throws IOException {
    KeepaliveSocket link = watched.link();
    link.claim(watched);
    boolean complete = false;
    try {
      enter(watched);
      watched.arm(() -> poller.watch(link.link(), watched, settings));
      complete = true;
    } finally {
      if (!complete) {
        links.remove(watched);
        watched.notifyUnwatched();
        link.release(watched);
      }
    }
    if (!link.isOpen() || watched.isForgotten()) {
      forget(watched); // whoever did that may have looked before it was in the set
    }
  }

  /** Notes a group that has failed, and whose callback hasn't begun: its links may be gone. */
  void addPending(LinkGroup group) {
    pending.add(group);
    if (!isOpen()) {
      group.close();
    }
  }

  void removePending(LinkGroup group) {
    pending.remove(group);
  }

  private void enter(WatchedLink watched) {
    synchronized (links) {
      if (closed) {
        throw new IllegalStateException("the monitor is closed");
      }
      links.add(watched);
    }
  }

  /** Closing takes longer than telling, and is nobody's failover: it comes when all are told. */
  private void step() throws IOException {
    int told = poller.poll(timeoutMs(), LinkSet::deliver);
    for (int i = 0; told == 0 && i < CLOSE_BATCH && !ended.isEmpty(); i++) {
      ended.remove().closeLink();
    }
    pools.forEach(CallbackThreads::relieve);
    chore.runIfDue();
  }

  private int timeoutMs() {
    if (!ended.isEmpty()) {
      return 0;
    }
    return isAnyPoolStranded() ? CallbackThreads.RETRY_MS : chore.leftMs();
  }

  private boolean isAnyPoolStranded() {
    for (CallbackThreads pool : pools) { // on the way to each callback: a stream would allocate
      if (pool.isStranded()) {
        return true;
      }
    }
    return false;
  }

  private static void deliver(Object attachment, LinkEvent event) {
    ((WatchedLink) attachment).on(event);
  }

  /** Closes a link after its last call, at once or soon. */
  void end(WatchedLink watched) {
    if (thread.isCurrent() && isOpen()) {
      links.remove(watched);
      ended.add(watched);
    } else {
      watched.closeLink();
    }
  }

  /** Takes a link out. The one who closes it calls this before its descriptor is closed. */
  void forget(WatchedLink watched) {
    watched.forget();
    links.remove(watched);
    LinkEvent underWay = poller.unwatch(watched.link().link(), watched);
    if (underWay != null) {
      watched.link().keep(underWay);
    }
    watched.notifyUnwatched();
  }

  /**
   * Closes the links, then the epoll set, and waits for the thread unless called on it. Returns
   * false if that has been done or is being done.
   */
  boolean close() {
    boolean isFirst;
    synchronized (links) {
      isFirst = !closed;
      closed = true;
    }
    for (WatchedLink watched : List.copyOf(links)) { // closing a group takes out its others
      watched.group().close();
      watched.closeLink();
    }
    pending.forEach(LinkGroup::close);
    if (thread.close()) {
      ended.forEach(WatchedLink::closeLink);
    }
    return isFirst;
  }
}
