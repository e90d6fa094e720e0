package io.github.keepalive4j.qemu;

import io.github.keepalive4j.qemu.QmpConnectionException.Fault;
import java.io.IOException;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Keeps a QMP connection to one QEMU. The session reconnects when QEMU has ended and come back, and
 * checks a connection that is idle. So the handshake is done before a failover, which begins with
 * its first command.
 *
 * <p>A check never ends a connection on which a command waits for its answer: the command's own
 * timeout does. A QEMU whose main loop hangs, but that answers out of band, keeps its connection,
 * because a new one could not be negotiated.
 */
public final class QmpSession implements QmpExecutor, AutoCloseable {

  private static final QmpCommand CHECK = QmpCommand.of("query-status");

  /** A question that QEMU answers while its main loop hangs; an unknown command is answered too. */
  private static final QmpCommand OUT_OF_BAND_CHECK = QmpCommand.of("query-yank").outOfBand();

  private final SocketAddress address;
  private final QmpSessionOptions options;
  private final QmpCallbacks callbacks;
  private final Thread supervisor;
  private final Object lock = new Object();
  private @Nullable QmpClient client;
  private @Nullable IOException lastFault;
  private State state = State.CONNECTING;

  /** A session's state. More values may be added. */
  public enum State {
    /** No connection has been made yet. */
    CONNECTING,
    /** Ready for commands. */
    CONNECTED,
    /** The connection is lost, and the session tries to reconnect. */
    DISCONNECTED,
    /** {@link QmpSession#close()} was called. */
    CLOSED
  }

  private QmpSession(SocketAddress address, QmpSessionOptions options, QmpListener listener) {
    this.address = address;
    this.options = options;
    this.callbacks = new QmpCallbacks(listener);
    this.supervisor = new Thread(this::supervise, "qmp session " + address);
    supervisor.setDaemon(true);
  }

  /**
   * Opens a session with the default options and no listener. It connects in the background.
   *
   * @param address QEMU's socket, see {@link QmpAddress#parse(String)}
   */
  public static QmpSession open(SocketAddress address) {
    return open(address, QmpSessionOptions.defaults(), QmpListener.NONE);
  }

  /**
   * Opens a session. It connects in the background; {@link #awaitConnected(Duration)} waits for it.
   *
   * @param address QEMU's socket, see {@link QmpAddress#parse(String)}
   * @param listener hears of events, of each connection and of its end
   */
  public static QmpSession open(
      SocketAddress address, QmpSessionOptions options, QmpListener listener) {
    Objects.requireNonNull(address, "address");
    Objects.requireNonNull(options, "options");
    Objects.requireNonNull(listener, "listener");
    QmpSession session = new QmpSession(address, options, listener);
    session.supervisor.start();
    return session;
  }

  /** Returns the session's state. */
  public State state() {
    synchronized (lock) {
      return state == State.CONNECTED && !client.isOpen() ? State.DISCONNECTED : state;
    }
  }

  /**
   * Returns why the last connection, or the last attempt to connect, ended; empty if none has ended
   * yet.
   */
  public Optional<IOException> lastFault() {
    synchronized (lock) {
      boolean unnoticed = client != null && !client.isOpen();
      return Optional.ofNullable(unnoticed ? client.fault() : lastFault);
    }
  }

  /**
   * Waits until the session is connected.
   *
   * @param timeout the longest to wait, 1 ms to 1 day
   * @return what QEMU says about itself
   * @throws QmpConnectionException if it is not connected in time, or is closed
   * @throws InterruptedException if the thread is interrupted
   * @throws IllegalArgumentException if the timeout is out of range
   */
  public QmpGreeting awaitConnected(Duration timeout)
      throws QmpConnectionException, InterruptedException {
    long timeoutNs = Arguments.duration("timeout", timeout).toNanos();
    return awaitClient(System.nanoTime() + timeoutNs).greeting();
  }

  /**
   * Executes a command, once the session is connected. If the connection ends before the answer, a
   * command that only reads, its name beginning with {@code query-}, is repeated on the next
   * connection. Any other command is never sent twice.
   *
   * @param timeout the longest to wait for connection and answer together, 1 ms to 1 day
   * @return the reply's {@code return} member, often an empty object
   * @throws QmpException if QEMU answers with an error
   * @throws QmpConnectionException if there was no connection in time ({@link Fault#UNREACHABLE}:
   *     the command was not sent), or no answer
   * @throws InterruptedException if the thread is interrupted
   * @throws IllegalArgumentException if the timeout is out of range
   */
  @Override
  public QmpValue execute(QmpCommand command, Duration timeout)
      throws QmpException, QmpConnectionException, InterruptedException {
    Objects.requireNonNull(command, "command");
    long deadlineNs = System.nanoTime() + Arguments.duration("timeout", timeout).toNanos();
    while (true) {
      QmpClient connected = awaitClient(deadlineNs);
      Duration left = Duration.ofNanos(deadlineNs - System.nanoTime());
      try {
        return connected.execute(
            command, left.compareTo(Arguments.SHORTEST) < 0 ? Arguments.SHORTEST : left);
      } catch (QmpConnectionException e) {
        if (!isRepeated(command, e.fault()) || System.nanoTime() >= deadlineNs) {
          throw e;
        }
      }
    }
  }

  /** A peer that answers the question with something that isn't QMP would do so again. */
  private static boolean isRepeated(QmpCommand command, Fault fault) {
    return command.name().startsWith("query-")
        && (fault == Fault.ENDED || fault == Fault.TIMED_OUT);
  }

  private QmpClient awaitClient(long deadlineNs)
      throws QmpConnectionException, InterruptedException {
    long beganNs = System.nanoTime();
    synchronized (lock) {
      while (state() != State.CONNECTED) {
        long leftNs = deadlineNs - System.nanoTime();
        if (state == State.CLOSED) {
          throw new QmpConnectionException(
              Fault.CLOSED, "the session to " + address + " is closed");
        }
        if (leftNs <= 0) {
          throw notConnected((System.nanoTime() - beganNs) / 1_000_000);
        }
        lock.wait(leftNs / 1_000_000, (int) (leftNs % 1_000_000));
      }
      return client;
    }
  }

  private QmpConnectionException notConnected(long waitedMs) {
    String reason = lastFault == null ? "" : ": " + lastFault.getMessage();
    return new QmpConnectionException(
        Fault.UNREACHABLE,
        "no connection to " + address + " for " + waitedMs + " ms" + reason,
        lastFault);
  }

  private void supervise() {
    Duration backoff = options.firstBackoff();
    try {
      while (true) {
        try (QmpClient connected =
            QmpClient.connect(address, options.connection(), callbacks, this::publish)) {
          backoff = options.firstBackoff();
          watch(connected);
          lost(connected.fault());
        } catch (QmpConnectionException | QmpException e) {
          lost(e);
        }
        Thread.sleep(backoff.toMillis());
        backoff = longer(backoff);
      }
    } catch (InterruptedException e) {
      lost(new QmpConnectionException(Fault.CLOSED, "the session to " + address + " is closed"));
    }
  }

  private Duration longer(Duration backoff) {
    Duration twice = backoff.multipliedBy(2);
    return twice.compareTo(options.longestBackoff()) < 0 ? twice : options.longestBackoff();
  }

  private void publish(QmpClient connected) {
    synchronized (lock) {
      if (state != State.CLOSED) {
        client = connected;
        state = State.CONNECTED;
        lock.notifyAll();
      }
    }
  }

  private void lost(IOException fault) {
    synchronized (lock) {
      client = null;
      lastFault = fault;
      if (state == State.CONNECTED) {
        state = State.DISCONNECTED;
      }
    }
  }

  private void watch(QmpClient connected) throws InterruptedException {
    while (!connected.awaitClosed(options.checkInterval())) {
      if (!connected.isBusy()) {
        check(connected);
      }
    }
  }

  private void check(QmpClient connected) throws InterruptedException {
    Duration half = options.checkTimeout().dividedBy(2);
    try (QmpClient.Question status = connected.ask(CHECK)) {
      while (!status.isOverWithin(half)) {
        boolean alive =
            connected.outOfBandOffered()
                ? answersOutOfBand(connected, half)
                : status.isOverWithin(half);
        if (!alive && !connected.isBusy()) {
          connected.giveUp(CHECK, options.checkTimeout());
        }
      }
    }
  }

  private static boolean answersOutOfBand(QmpClient connected, Duration timeout)
      throws InterruptedException {
    try (QmpClient.Question asked = connected.ask(OUT_OF_BAND_CHECK)) {
      return asked.isOverWithin(timeout);
    }
  }

  /** Closes the session and its connection. Pending commands fail. */
  @Override
  public void close() {
    callbacks.close();
    QmpClient last;
    synchronized (lock) {
      state = State.CLOSED;
      last = client;
      lock.notifyAll();
    }
    if (last != null) {
      last.close();
    }
    supervisor.interrupt();
  }

  @Override
  public String toString() {
    return "QmpSession[" + address + ", " + state() + "]";
  }
}
