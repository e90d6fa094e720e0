package io.github.keepalive4j.qemu;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.keepalive4j.qemu.QmpConnectionException.Fault;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One connection to a QEMU's QMP socket, ready for commands. Any number of threads may use it at
 * once. If the peer does not answer in time, or sends something that is not QMP, the connection is
 * closed and every pending command fails. So an answer never reaches the wrong command.
 */
public final class QmpClient implements QmpExecutor, AutoCloseable {

  private final QmpTransport transport;
  private final SocketAddress address;
  private final QmpOptions options;
  private final QmpCallbacks callbacks;
  private final @Nullable Consumer<QmpClient> session;
  private final Map<String, CompletableFuture<JsonNode>> pending = new ConcurrentHashMap<>();
  private final CompletableFuture<QmpGreeting> greeted = new CompletableFuture<>();
  private final CountDownLatch closed = new CountDownLatch(1);
  private final AtomicLong lastCommand = new AtomicLong();
  private final AtomicInteger commandsUnderWay = new AtomicInteger();
  private final AtomicLong unknownReplies = new AtomicLong();

  /**
   * Differs from connection to connection, because QEMU may deliver the answer to an earlier
   * connection's command on the next one.
   */
  private final String idPrefix =
      Long.toUnsignedString(ThreadLocalRandom.current().nextLong(), Character.MAX_RADIX) + "-";

  private volatile boolean ready;

  private QmpClient(
      QmpTransport transport,
      SocketAddress address,
      QmpOptions options,
      QmpCallbacks callbacks,
      @Nullable Consumer<QmpClient> session) {
    this.transport = transport;
    this.address = address;
    this.options = options;
    this.callbacks = callbacks;
    this.session = session;
  }

  /**
   * Connects with the default options and no listener. The connection is ready for commands.
   *
   * @param address QEMU's socket, see {@link QmpAddress#parse(String)}
   * @throws QmpConnectionException if the connection is not ready within 5 s
   * @throws QmpException if QEMU refuses the negotiation of capabilities
   * @throws InterruptedException if the thread is interrupted
   * @throws IllegalArgumentException if the address is of another kind, or does not resolve
   */
  public static QmpClient connect(SocketAddress address)
      throws QmpException, QmpConnectionException, InterruptedException {
    return connect(address, QmpOptions.defaults(), QmpListener.NONE);
  }

  /**
   * Connects, reads QEMU's greeting and negotiates capabilities. The connection is ready for
   * commands.
   *
   * @param address QEMU's socket, see {@link QmpAddress#parse(String)}
   * @param listener hears of events and of the connection's end
   * @throws QmpConnectionException if the connection is not ready within the options' connect
   *     timeout
   * @throws QmpException if QEMU refuses the negotiation of capabilities
   * @throws InterruptedException if the thread is interrupted
   * @throws IllegalArgumentException if the address is of another kind, or does not resolve
   */
  public static QmpClient connect(SocketAddress address, QmpOptions options, QmpListener listener)
      throws QmpException, QmpConnectionException, InterruptedException {
    Objects.requireNonNull(address, "address");
    Objects.requireNonNull(options, "options");
    Objects.requireNonNull(listener, "listener");
    return connect(address, options, new QmpCallbacks(listener), null);
  }

  /**
   * Connects for a session, which owns the callbacks and hears of the connection before the
   * listener does. Without a session (null), the connection owns the callbacks.
   */
  static QmpClient connect(
      SocketAddress address,
      QmpOptions options,
      QmpCallbacks callbacks,
      @Nullable Consumer<QmpClient> session)
      throws QmpException, QmpConnectionException, InterruptedException {
    long deadlineNs = System.nanoTime() + options.connectTimeout().toNanos();
    boolean done = false;
    QmpClient client = null;
    try {
      QmpTransport transport =
          QmpTransport.connect(address, options.connectTimeout(), options.maxReplyBytes());
      client = new QmpClient(transport, address, options, callbacks, session);
      transport.start(client.new Receiver());
      client.negotiate(deadlineNs);
      done = true;
      return client;
    } finally {
      if (!done) {
        if (client != null) {
          client.close();
        } else if (session == null) {
          callbacks.close();
        }
      }
    }
  }

  private void negotiate(long deadlineNs)
      throws QmpException, QmpConnectionException, InterruptedException {
    await(greeted, deadlineNs, "greeting");
    QmpCommand negotiation = QmpCommand.of("qmp_capabilities");
    if (outOfBandOffered()) {
      negotiation = negotiation.with("enable", QmpValue.of(List.of("oob")));
    }
    execute(negotiation, deadlineNs);
  }

  /**
   * Reports the connection before the listener hears of any event, and never after the connection's
   * end.
   */
  private synchronized void becomeReady() {
    if (transport.fault() == null) {
      ready = true;
      if (session != null) {
        session.accept(this);
      }
      callbacks.connected(greeting());
    }
  }

  private synchronized void ended(QmpConnectionException fault) {
    if (ready) {
      callbacks.disconnected(fault);
    }
    if (session == null) {
      callbacks.finish();
    }
  }

  /**
   * Executes a command without arguments, within the options' command timeout.
   *
   * @return the reply's {@code return} member, often an empty object
   * @throws QmpException if QEMU answers with an error
   * @throws QmpConnectionException if no answer came in time; the connection is then closed
   * @throws InterruptedException if the thread is interrupted
   * @throws IllegalArgumentException if the name is blank
   */
  public QmpValue execute(String command)
      throws QmpException, QmpConnectionException, InterruptedException {
    return execute(QmpCommand.of(Objects.requireNonNull(command, "command")));
  }

  /**
   * Executes a command within the options' command timeout.
   *
   * @return the reply's {@code return} member, often an empty object
   * @throws QmpException if QEMU answers with an error
   * @throws QmpConnectionException if no answer came in time; the connection is then closed
   * @throws InterruptedException if the thread is interrupted
   */
  public QmpValue execute(QmpCommand command)
      throws QmpException, QmpConnectionException, InterruptedException {
    return execute(command, options.commandTimeout());
  }

  @Override
  public QmpValue execute(QmpCommand command, Duration timeout)
      throws QmpException, QmpConnectionException, InterruptedException {
    Objects.requireNonNull(command, "command");
    long timeoutNs = Arguments.duration("timeout", timeout).toNanos();
    return execute(command, System.nanoTime() + timeoutNs);
  }

  private QmpValue execute(QmpCommand command, long deadlineNs)
      throws QmpException, QmpConnectionException, InterruptedException {
    commandsUnderWay.incrementAndGet();
    try (Question question = new Question(command)) {
      return resultOf(command, await(question.answer, deadlineNs, command.name()));
    } finally {
      commandsUnderWay.decrementAndGet();
    }
  }

  /**
   * Sends a question whose answer only shows that QEMU is there. It doesn't count as a command
   * under way, and a missing answer ends nothing.
   */
  Question ask(QmpCommand question) {
    return new Question(question);
  }

  /** Ends a connection on which QEMU no longer answers. */
  void giveUp(QmpCommand question, Duration waited) {
    transport.close(noAnswer(question.name(), waited.toMillis(), null));
  }

  private QmpConnectionException noAnswer(String what, long waitedMs, @Nullable Throwable cause) {
    return new QmpConnectionException(
        Fault.TIMED_OUT, address + " gave no answer within " + waitedMs + " ms: " + what, cause);
  }

  private static QmpValue resultOf(QmpCommand command, JsonNode reply) throws QmpException {
    JsonNode error = reply.get("error");
    if (error != null) {
      throw new QmpException(
          command.name(), error.get("class").textValue(), error.get("desc").textValue());
    }
    return QmpValue.wrap(reply.get("return"));
  }

  private <T> T await(Future<T> answer, long deadlineNs, String what)
      throws QmpConnectionException, InterruptedException {
    long beganNs = System.nanoTime();
    try {
      return answer.get(deadlineNs - beganNs, TimeUnit.NANOSECONDS);
    } catch (TimeoutException e) {
      long waitedMs = (System.nanoTime() - beganNs) / 1_000_000;
      QmpConnectionException fault = noAnswer(what, waitedMs, e);
      transport.close(fault);
      throw fault;
    } catch (ExecutionException e) {
      QmpConnectionException fault = (QmpConnectionException) e.getCause();
      throw new QmpConnectionException(
          fault.fault(), "no answer to " + what + ": " + fault.getMessage(), fault);
    }
  }

  /** Returns what QEMU said about itself when the connection began. */
  public QmpGreeting greeting() {
    return greeted.join();
  }

  boolean outOfBandOffered() {
    return greeting().capabilities().contains("oob");
  }

  /** Tells whether the connection is up, as far as this side knows. */
  public boolean isOpen() {
    return transport.fault() == null;
  }

  /** Tells whether commands wait for their answers. */
  boolean isBusy() {
    return commandsUnderWay.get() > 0;
  }

  @Nullable QmpConnectionException fault() {
    return transport.fault();
  }

  /**
   * Waits for the connection to end.
   *
   * @param timeout the longest to wait
   * @return true if it has ended, false if the timeout ran out first
   * @throws InterruptedException if the thread is interrupted
   */
  public boolean awaitClosed(Duration timeout) throws InterruptedException {
    return closed.await(Objects.requireNonNull(timeout, "timeout").toNanos(), TimeUnit.NANOSECONDS);
  }

  /** Returns how many events were dropped because the listener was slower than QEMU. */
  public long droppedEvents() {
    return callbacks.droppedEvents();
  }

  /**
   * Returns how many replies were dropped because no command of this connection waited for them.
   */
  public long unknownReplies() {
    return unknownReplies.get();
  }

  /** Closes the connection. Pending commands fail. Closing it again does nothing. */
  @Override
  public void close() {
    if (session == null) {
      callbacks.close();
    }
    transport.close(new QmpConnectionException(Fault.CLOSED, address + ": closed on this side"));
  }

  @Override
  public String toString() {
    return "QmpClient[" + address + (isOpen() ? ", open]" : ", closed]");
  }

  /** A command that was sent and waits for its answer. Closing it ends the wait. */
  final class Question implements AutoCloseable {

    private final String id = idPrefix + lastCommand.incrementAndGet();
    private final CompletableFuture<JsonNode> answer = new CompletableFuture<>();

    private Question(QmpCommand command) {
      pending.put(id, answer);
      if (transport.fault() != null) {
        answer.completeExceptionally(transport.fault());
      } else {
        transport.send(QmpJson.line(command.toMessage(id, outOfBandOffered())));
      }
    }

    /** Waits until it is answered or the connection has ended, and tells whether that is so. */
    boolean isOverWithin(Duration timeout) throws InterruptedException {
      try {
        answer.get(timeout.toNanos(), TimeUnit.NANOSECONDS);
      } catch (TimeoutException e) {
        return false;
      } catch (ExecutionException e) {
        // the connection has ended
      }
      return true;
    }

    @Override
    public void close() {
      pending.remove(id);
    }
  }

  private final class Receiver implements QmpTransport.Receiver {

    @Override
    public void message(JsonNode message) throws QmpProtocolFault {
      if (message.has("return") || message.has("error")) {
        reply(message);
      } else if (message.has("event")) {
        callbacks.event(QmpEvent.of(message));
      } else if (!message.has("QMP")) {
        throw new QmpProtocolFault("a message that is neither greeting, event nor reply");
      } else if (!greeted.complete(QmpGreeting.of(message))) {
        throw new QmpProtocolFault("a second greeting");
      }
    }

    private void reply(JsonNode reply) throws QmpProtocolFault {
      JsonNode error = reply.get("error");
      if (error != null && reply.has("return")) {
        throw new QmpProtocolFault("a reply that is both success and error");
      }
      if (error != null && !(error.path("class").isTextual() && error.path("desc").isTextual())) {
        throw new QmpProtocolFault("an error without class or description");
      }
      JsonNode id = reply.get("id");
      if (id == null) {
        throw new QmpProtocolFault(
            "a reply without id" + (error == null ? "" : ": " + error.get("desc").textValue()));
      }
      CompletableFuture<JsonNode> answer = id.isTextual() ? pending.remove(id.textValue()) : null;
      if (answer == null) {
        unknownReplies.incrementAndGet();
        return;
      }
      if (!ready && error == null) {
        becomeReady();
      }
      answer.complete(reply);
    }

    @Override
    public void closed(QmpConnectionException fault) {
      greeted.completeExceptionally(fault);
      pending.values().forEach(answer -> answer.completeExceptionally(fault));
      closed.countDown();
      ended(fault);
    }
  }
}
