package io.github.keepalive4j.internal.nio;

import io.github.keepalive4j.internal.Link;
import io.github.keepalive4j.internal.LinkEvent;
import io.github.keepalive4j.internal.Listener;
import io.github.keepalive4j.internal.Poller;
import io.github.keepalive4j.internal.Role;
import io.github.keepalive4j.internal.WatchSettings;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.CancelledKeyException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.TimeUnit;

/** A {@link Selector} as a set of links. */
final class NioPoller implements Poller {
  /** The same time as in {@code monitor.c}. */
  private static final long THROTTLE_NS = TimeUnit.MILLISECONDS.toNanos(5);

  private final Selector selector = Selector.open();
  private final Queue<Throttled> throttled = new ArrayDeque<>(); // on the polling thread only

  private record Entry(NioLink link, Object attachment, Role role) {}

  private record ListenerEntry(Object attachment) {}

  static { // else the first failure would wait for these classes
    var unusedFailure = NioFailure.of(new IOException("Connection reset"));
    var unusedEntry = new ListenerEntry("");
  }

  /** A source's link that isn't read for a while, because its peer floods it. */
  private record Throttled(SelectionKey key, long endNs) {}

  NioPoller() throws IOException {}

  @Override
  public void watch(Link link, Object attachment, WatchSettings settings) throws IOException {
    NioLink nioLink = (NioLink) link;
    nioLink.watchedWith(selector);
    nioLink
        .channel()
        .register(selector, SelectionKey.OP_READ, new Entry(nioLink, attachment, settings.role()));
    selector.wakeup();
  }

  @Override
  public void listen(Listener listener, Object attachment) throws IOException {
    NioListener nioListener = (NioListener) listener;
    nioListener.registered(
        nioListener
            .channel()
            .register(selector, SelectionKey.OP_ACCEPT, new ListenerEntry(attachment)));
    selector.wakeup();
  }

  @Override
  public LinkEvent unwatch(Link link, Object attachment) {
    NioLink nioLink = (NioLink) link;
    SelectionKey key = nioLink.channel().keyFor(selector);
    synchronized (nioLink.judging()) {
      if (key != null
          && key.attachment() instanceof Entry entry
          && entry.attachment() == attachment) {
        detach(key);
      }
      return nioLink.end();
    }
  }

  /** Leaves the key valid: a cancelled one keeps the link out of the set for a while. */
  private static void detach(SelectionKey key) {
    key.attach(null);
    try {
      key.interestOps(0);
    } catch (CancelledKeyException e) {
      return; // closed meanwhile
    }
  }

  @Override
  public void wake() {
    selector.wakeup();
  }

  @Override
  public int poll(int timeoutMs, Handler handler) throws IOException {
    Thread.interrupted(); // left behind by a callback; it would end each wait at once
    int count =
        timeoutMs == 0
            ? selector.selectNow(key -> deliver(key, handler))
            : selector.select(key -> deliver(key, handler), shortened(Math.max(0, timeoutMs)));
    resumeDue();
    return count;
  }

  /** Shortens a timeout to the end of the first throttling; 0 is for ever. */
  private long shortened(long timeoutMs) {
    if (throttled.isEmpty()) {
      return timeoutMs;
    }
    long leftNs = throttled.peek().endNs() - System.nanoTime();
    long leftMs = Math.max(1, TimeUnit.NANOSECONDS.toMillis(leftNs) + 1);
    return timeoutMs == 0 ? leftMs : Math.min(timeoutMs, leftMs);
  }

  private void resumeDue() {
    while (!throttled.isEmpty() && System.nanoTime() - throttled.peek().endNs() >= 0) {
      resume(throttled.remove().key());
    }
  }

  private static void resume(SelectionKey key) {
    try {
      if (key.attachment() instanceof Entry) {
        key.interestOps(SelectionKey.OP_READ);
      }
    } catch (CancelledKeyException e) {
      return; // closed meanwhile
    }
  }

  private void deliver(SelectionKey key, Handler handler) {
    try {
      if (key.attachment() instanceof ListenerEntry entry) {
        key.interestOps(0); // until the queue is empty, as with the shim's edge-triggered listener
        handler.on(
            entry.attachment(), LinkEvent.withoutEvidence(LinkEvent.Type.ACCEPT, null, 0, 0));
      } else if (key.attachment() instanceof Entry entry) {
        judge(key, entry, handler);
      }
    } catch (CancelledKeyException | ClosedChannelException e) {
      return; // unwatched or closed while the event was under way
    }
  }

  private void judge(SelectionKey key, Entry entry, Handler handler) throws ClosedChannelException {
    LinkEvent event = judgeIfWatched(key, entry);
    if (event != null) {
      handler.on(entry.attachment(), event);
    }
  }

  private LinkEvent judgeIfWatched(SelectionKey key, Entry entry) throws ClosedChannelException {
    synchronized (entry.link().judging()) {
      if (key.attachment() != entry) {
        return null; // unwatched meanwhile: the next observer reads what has come
      }
      LinkEvent event = entry.link().judge(entry.role());
      if (entry.role() == Role.SOURCE && entry.link().isFlooding()) {
        key.interestOps(0);
        throttled.add(new Throttled(key, System.nanoTime() + THROTTLE_NS));
      }
      if (event != null && event.type().isFinal()) {
        detach(key);
      }
      return event;
    }
  }

  @Override
  public void close() {
    try {
      selector.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
