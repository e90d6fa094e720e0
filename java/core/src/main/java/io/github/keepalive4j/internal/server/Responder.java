package io.github.keepalive4j.internal.server;

import io.github.keepalive4j.FailureCause;
import io.github.keepalive4j.Liveness;
import io.github.keepalive4j.internal.LinkEvent;
import io.github.keepalive4j.internal.Poller;
import io.github.keepalive4j.internal.PollerThread;
import io.github.keepalive4j.internal.Provider;
import io.github.keepalive4j.internal.WatchSettings;
import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.BiConsumer;
import java.util.function.BooleanSupplier;

/**
 * Answers the backups' queries. A backup under {@link Liveness#PROCESS} takes a late answer for a
 * hung process. So this thread does little else and waits for no other: a thread that mostly sleeps
 * gets a processor soon after it is woken, even on a busy machine. One that handles a flood of
 * connections, or waits for a lock of such a thread, doesn't.
 */
public final class Responder {

  private static final int QUERY = 'Q';

  /** Newcomers added in a row, in some 0.1 ms; then queries are answered again. */
  private static final int WATCH_BATCH = 16;

  private final BooleanSupplier health;
  private final Poller poller;
  private final PollerThread thread;
  private final Queue<ServerConnection> newcomers = new ConcurrentLinkedQueue<>();
  private BiConsumer<ServerConnection, LinkEvent> onEnd; // set before the thread starts

  public Responder(Provider provider, int port, BooleanSupplier health, int realtime)
      throws IOException {
    this.health = health;
    poller = provider.openPoller(realtime);
    thread = new PollerThread("keepalive-server-" + port, poller, this::step, ServerLog::log);
  }

  /**
   * Starts answering.
   *
   * @param onEnd called once for each connection that ends, on this thread: it must be quick
   */
  public void start(BiConsumer<ServerConnection, LinkEvent> onEnd) {
    this.onEnd = onEnd;
    thread.start();
  }

  /** Answers a connection's queries from now on. Thread-safe. */
  public void add(ServerConnection connection) {
    newcomers.add(connection);
    if (newcomers.peek() == connection) { // otherwise an earlier one has woken it
      poller.wake();
    }
  }

  public boolean isCurrent() {
    return thread.isCurrent();
  }

  public void close() {
    thread.close();
  }

  private void step() throws IOException {
    poller.poll(newcomers.isEmpty() ? -1 : 0, this::on);
    for (int i = 0; i < WATCH_BATCH && !newcomers.isEmpty(); i++) {
      watch(newcomers.remove());
    }
  }

  private void watch(ServerConnection connection) {
    try {
      poller.watch(connection.link(), connection, WatchSettings.ofSource());
    } catch (ClosedChannelException e) {
      return; // its server was closed meanwhile
    } catch (IOException e) {
      ServerLog.LOGGER.log(
          System.Logger.Level.WARNING, connection.backup() + " can't be answered", e);
      onEnd.accept(
          connection, LinkEvent.withoutEvidence(LinkEvent.Type.FAILED, FailureCause.ABORTED, 0, 0));
    }
  }

  private void on(Object attachment, LinkEvent event) {
    ServerConnection connection = (ServerConnection) attachment;
    switch (event.type()) {
      case FAILED, VIOLATION -> onEnd.accept(connection, event);
      case QUERY -> answer(connection);
      case PROMISE -> {
        connection.promised(); // first: a promise before the first query answers no question
        if (event.octet() == QUERY) {
          answer(connection);
        }
      }
      default -> throw new IllegalStateException("a source's link can't have " + event);
    }
  }

  private void answer(ServerConnection connection) {
    if (connection.recordQuery() && isHealthy()) {
      connection.answer();
    }
  }

  private boolean isHealthy() {
    try {
      return health.getAsBoolean();
    } catch (Throwable e) { // such as of an application whose classes are gone
      ServerLog.LOGGER.log(
          System.Logger.Level.ERROR, "the health check failed: the answer is withheld", e);
      return false;
    }
  }
}
