package io.github.keepalive4j.internal.server;

import io.github.keepalive4j.internal.LinkEvent;
import io.github.keepalive4j.internal.Listener;
import io.github.keepalive4j.internal.Poller;
import io.github.keepalive4j.internal.PollerThread;
import io.github.keepalive4j.internal.Provider;
import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/**
 * Accepts new backups and removes those whose connection ended. It has a thread of its own, so that
 * it delays no {@linkplain Responder answer}.
 */
public final class Acceptor {
  private static final int RETRY_MS = 100;

  /** Connections accepted in a row; then ended ones are removed, to make room for others. */
  private static final int BATCH = 64;

  private final Listener listener;
  private final Backups backups;
  private final Responder responder;
  private final Poller poller;
  private final PollerThread thread;
  private final Queue<End> ends = new ConcurrentLinkedQueue<>();
  private volatile boolean closed;
  private boolean arrivals; // on this thread only: connections may be waiting
  private boolean exhausted; // on this thread only: descriptors have run out
  private long retryNs; // on this thread only: when to try again

  private record End(ServerConnection connection, LinkEvent event) {}

  public Acceptor(
      Provider provider, Listener listener, Backups backups, BooleanSupplier health, int realtime)
      throws IOException {
    this.listener = listener;
    this.backups = backups;
    int port = listener.localAddress().getPort();
    poller = provider.openPoller();
    thread = new PollerThread("keepalive-accept-" + port, poller, this::step, ServerLog::log);
    boolean listening = false;
    try {
      poller.listen(listener, listener);
      responder = new Responder(provider, port, health, realtime);
      listening = true;
    } finally {
      if (!listening) {
        poller.close();
      }
    }
  }

  public void start() {
    responder.start(this::end);
    thread.start();
  }

  private void end(ServerConnection connection, LinkEvent event) {
    ends.add(new End(connection, event));
    poller.wake();
  }

  /** Ends both threads, and waits for them unless that could take for ever. */
  public void close() {
    closed = true;
    if (responder.isCurrent()) {
      thread.end(); // a callback on it may be waiting for the responder
    } else {
      thread.close();
    }
    responder.close();
  }

  /**
   * Receives the connections that wait, on the caller's thread. To be called after {@link #close}.
   */
  public void drain() {
    do {
      arrivals = true;
      acceptSome();
    } while (arrivals && !exhausted);
  }

  private void step() throws IOException {
    poller.poll(timeoutMs(), (attachment, event) -> arrivals = true);
    for (int i = 0; i < BATCH && !ends.isEmpty() && !closed; i++) {
      End end = ends.remove();
      backups.remove(end.connection(), end.event());
    }
    if (arrivals && (!exhausted || System.nanoTime() - retryNs >= 0)) {
      acceptSome();
    }
  }

  private int timeoutMs() {
    if (!ends.isEmpty() || (arrivals && !exhausted)) {
      return 0;
    }
    return arrivals ? RETRY_MS : -1;
  }

  private void acceptSome() {
    boolean wasExhausted = exhausted;
    exhausted = false;
    try {
      for (int i = 0; arrivals && i < BATCH; i++) {
        acceptOne();
      }
    } catch (ClosedChannelException e) {
      arrivals = false; // a callback has closed the server
    } catch (IOException e) {
      exhausted = true;
      retryNs = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(RETRY_MS);
      System.Logger.Level level =
          wasExhausted ? System.Logger.Level.DEBUG : System.Logger.Level.WARNING; // once is enough
      ServerLog.LOGGER.log(level, "backups have to wait: " + e.getMessage());
    }
  }

  private void acceptOne() throws IOException {
    Listener.Accepted accepted = listener.accept();
    arrivals = accepted != null;
    if (arrivals) {
      backups.receive(new ServerConnection(accepted.link(), accepted.peer()), responder);
    }
  }
}
