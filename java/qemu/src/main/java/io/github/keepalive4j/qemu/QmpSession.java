package io.github.keepalive4j.qemu;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.keepalive4j.qemu.QmpConnectionException.Fault;
import java.io.IOException;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;

/**
 * A QMP connection that is kept up: it is made anew when QEMU has ended and come back, and checked
 * while nothing else is asked of it. While a link is watched, the session has the handshake behind
 * it, so that a failover begins with its first command.
 */
public final class QmpSession implements QmpExecutor, AutoCloseable {

  private static final QmpCommand CHECK = QmpCommand.of("query-status");

  private final SocketAddress address;
  private final QmpSessionOptions options;
  private final QmpCallbacks callbacks;
  private final Thread supervisor;
  private final Object lock = new Object();
  private QmpClient client;
  private IOException lastFault;
  private State state = State.CONNECTING;

  /** Where a session stands. */
  public enum State {
    /** The first connection has not come about yet. */
    CONNECTING,
    /** Ready for commands. */
    CONNECTED,
    /** The connection is lost, and the session tries to make another. */
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
   * Opens a session with the default options and no listener.
   *
   * @param address QEMU's socket, see {@link QmpAddress#parse(String)}
   * @return the session, which connects in the background
   */
  public static QmpSession open(SocketAddress address) {
    return open(address, QmpSessionOptions.defaults(), QmpListener.NONE);
  }

  /**
   * Opens a session. It connects in the background; {@link #awaitConnected(Duration)} waits for it.
   *
   * @param address QEMU's socket, see {@link QmpAddress#parse(String)}
   * @param options how the connection is kept
   * @param listener hears of events, of each connection and of its end
   * @return the session
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

  /**
   * Where the session stands.
   *
   * @return the state
   */
  public State state() {
    synchronized (lock) {
      return state == State.CONNECTED && !client.isOpen() ? State.DISCONNECTED : state;
    }
  }

  /**
   * Why the last connection, or the last attempt at one, came to its end.
   *
   * @return the fault, empty if there was none yet
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
   * @return what QEMU said of itself
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
   * Executes a command, once the session is connected.
   *
   * @param command the command
   * @param timeout the longest to wait for connection and answer together, 1 ms to 1 day
   * @return the reply's {@code return} member, often an empty object
   * @throws QmpException if QEMU answers with an error
   * @throws QmpConnectionException if there was no connection in time ({@link Fault#UNREACHABLE}:
   *     QEMU has not been asked), or no answer; it is never asked twice
   * @throws InterruptedException if the thread is interrupted
   * @throws IllegalArgumentException if the timeout is out of range
   */
  @Override
  public JsonNode execute(QmpCommand command, Duration timeout)
      throws QmpException, QmpConnectionException, InterruptedException {
    Objects.requireNonNull(command, "command");
    long deadlineNs = System.nanoTime() + Arguments.duration("timeout", timeout).toNanos();
    QmpClient connected = awaitClient(deadlineNs);
    Duration left = Duration.ofNanos(deadlineNs - System.nanoTime());
    return connected.execute(
        command, left.compareTo(Arguments.SHORTEST) < 0 ? Arguments.SHORTEST : left);
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
    try {
      connected.execute(CHECK, options.checkTimeout());
    } catch (QmpException e) {
      // a refusal shows as well as any answer that QEMU is there
    } catch (QmpConnectionException e) {
      // the connection is closed by this, which the watch sees
    }
  }

  /** Closes the session and its connection; commands under way fail. */
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
