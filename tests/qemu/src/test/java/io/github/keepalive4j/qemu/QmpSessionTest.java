package io.github.keepalive4j.qemu;

import static io.github.keepalive4j.qemu.FakeQemu.error;
import static io.github.keepalive4j.qemu.FakeQemu.name;
import static io.github.keepalive4j.qemu.FakeQemu.success;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.keepalive4j.qemu.QmpConnectionException.Fault;
import io.github.keepalive4j.qemu.QmpSession.State;
import io.github.keepalive4j.support.Eventually;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(30)
class QmpSessionTest {

  private static final Duration LONG = Duration.ofSeconds(10);
  private static final Duration SHORT = Duration.ofSeconds(1);
  private static final QmpCommand QUERY = QmpCommand.of("query");
  private static final QmpSessionOptions QUICK =
      QmpSessionOptions.builder()
          .connection(QmpOptions.builder().connectTimeout(Duration.ofSeconds(1)).build())
          .backoff(Duration.ofMillis(10), Duration.ofMillis(40))
          .check(Duration.ofMillis(20), Duration.ofSeconds(1))
          .build();

  /** Checks all the time, and gives QEMU little time. */
  private static final QmpSessionOptions HASTY =
      QmpSessionOptions.builder().check(Duration.ofMillis(20), Duration.ofMillis(300)).build();

  private static final class Heard implements QmpListener {

    private final BlockingQueue<String> calls = new LinkedBlockingQueue<>();

    @Override
    public void onConnected(QmpGreeting greeting) {
      calls.add("connected");
    }

    @Override
    public void onEvent(QmpEvent event) {
      calls.add(event.name());
    }

    @Override
    public void onDisconnected(QmpConnectionException cause) {
      calls.add("disconnected " + cause.fault());
    }

    String next() throws InterruptedException {
      return calls.poll(10, TimeUnit.SECONDS);
    }
  }

  @Test
  void reconnectsAfterEachEnd() throws Exception {
    AtomicInteger connections = new AtomicInteger();
    Heard heard = new Heard();
    try (FakeQemu qemu =
            FakeQemu.onTcp(
                connection -> {
                  connection.negotiate();
                  if (connections.incrementAndGet() == 3) {
                    connection.fallSilent();
                  }
                });
        QmpSession session = QmpSession.open(qemu.address(), QmpSessionOptions.defaults(), heard)) {
      for (int i = 0; i < 2; i++) {
        assertEquals("connected", heard.next());
        assertEquals("disconnected ENDED", heard.next());
      }
      assertEquals("connected", heard.next());
      assertEquals(State.CONNECTED, session.state());
      assertEquals(
          Fault.ENDED,
          assertInstanceOf(QmpConnectionException.class, session.lastFault().orElseThrow())
              .fault());
    }
  }

  @Test
  void waitsShortlyAfterEachConnectionThatWasMade() throws Exception {
    int reconnections = 12; // with waits that go on doubling they take 40 s
    AtomicInteger connections = new AtomicInteger();
    QmpSessionOptions options =
        QmpSessionOptions.builder().backoff(Duration.ofMillis(10), Duration.ofMinutes(1)).build();
    try (FakeQemu qemu =
            FakeQemu.onTcp(
                connection -> {
                  connection.negotiate();
                  connections.incrementAndGet();
                });
        QmpSession session = QmpSession.open(qemu.address(), options, QmpListener.NONE)) {
      Eventually.await(
          reconnections + " reconnections of " + session,
          LONG,
          () -> connections.get() > reconnections);
    }
  }

  @Test
  void checksThatQemuStillAnswers() throws Exception {
    AtomicInteger connections = new AtomicInteger();
    Heard heard = new Heard();
    try (FakeQemu qemu =
            FakeQemu.onTcp(
                connection -> {
                  connection.negotiate();
                  if (connections.incrementAndGet() == 1) {
                    connection.fallSilent();
                  }
                  while (true) {
                    connection.answer(connection.command(), any -> success("{}"));
                  }
                });
        QmpSession session = QmpSession.open(qemu.address(), QUICK, heard)) {
      assertEquals("connected", heard.next());
      assertEquals("disconnected TIMED_OUT", heard.next());
      assertEquals("connected", heard.next());
      long checks = qemu.count("query-status");
      Eventually.await("checks go on", LONG, () -> qemu.count("query-status") >= checks + 3);
      assertEquals(State.CONNECTED, session.state());
    }
  }

  @Test
  void doesNotCheckDuringALongCommand() throws Exception {
    try (FakeQemu qemu =
            FakeQemu.onTcp(
                connection -> {
                  connection.negotiate();
                  connection.fallSilent();
                });
        QmpSession session = QmpSession.open(qemu.address(), QUICK, QmpListener.NONE)) {
      QmpConnectionException e =
          assertThrows(
              QmpConnectionException.class, () -> session.execute(QUERY, Duration.ofSeconds(2)));
      assertEquals(Fault.TIMED_OUT, e.fault());
    }
  }

  @Test
  void aCheckDoesNotEndTheCommandThatCameAfterIt() throws Exception {
    try (FakeQemu qemu =
            FakeQemu.onTcp(
                connection -> {
                  connection.negotiate();
                  JsonNode check = connection.command();
                  JsonNode command = connection.command();
                  while (!name(command).equals("query")) {
                    command = connection.command();
                  }
                  slowlyFor(HASTY.checkTimeout().multipliedBy(3));
                  connection.answer(check, any -> success("{}"));
                  connection.answer(command, any -> success("7"));
                  connection.fallSilent();
                });
        QmpSession session = QmpSession.open(qemu.address(), HASTY, QmpListener.NONE)) {
      Eventually.await("a check waits", LONG, () -> qemu.count("query-status") > 0);
      assertEquals(7, session.execute(QUERY, LONG).asLong(-1));
    }
  }

  /** Takes as long as a machine that is slow to answer. */
  private static void slowlyFor(Duration time) {
    long endNs = System.nanoTime() + time.toNanos();
    while (System.nanoTime() < endNs) {
      LockSupport.parkNanos(endNs - System.nanoTime());
    }
  }

  @Test
  void keepsTheConnectionToAMainLoopThatHangs() throws Exception {
    Heard heard = new Heard();
    try (FakeQemu qemu =
            FakeQemu.onTcp(
                connection -> {
                  connection.negotiate();
                  while (true) {
                    JsonNode command = connection.command();
                    if (command.has("exec-oob")) {
                      connection.answer(command, any -> error("CommandNotFound", "no query-yank"));
                    }
                  }
                });
        QmpSession session = QmpSession.open(qemu.address(), HASTY, heard)) {
      Eventually.await("questions out of band", LONG, () -> qemu.count("query-yank") > 3);
      assertEquals(State.CONNECTED, session.state());
      assertEquals("connected", heard.next());
      assertTrue(heard.calls.isEmpty(), heard.calls.toString());
      assertEquals(1, qemu.count("query-status"));
    }
  }

  @ParameterizedTest
  @CsvSource({"query-status, 2", "cont, 1"})
  void repeatsOnlyWhatReads(String name, int sent) throws Exception {
    AtomicInteger connections = new AtomicInteger();
    try (FakeQemu qemu =
            FakeQemu.onTcp(
                connection -> {
                  connection.negotiate();
                  JsonNode command = connection.command();
                  if (connections.incrementAndGet() > 1) {
                    connection.answer(command, any -> success("{}"));
                    connection.fallSilent();
                  }
                });
        QmpSession session = QmpSession.open(qemu.address())) {
      if (sent == 1) {
        QmpConnectionException e =
            assertThrows(
                QmpConnectionException.class, () -> session.execute(QmpCommand.of(name), LONG));
        assertEquals(Fault.ENDED, e.fault());
      } else {
        assertTrue(session.execute(QmpCommand.of(name), LONG).isObject());
      }
      assertEquals(sent, qemu.count(name));
    }
  }

  @Test
  void waitsForAQemuThatStartsLater() throws Exception {
    SocketAddress address;
    try (ServerSocketChannel free = ServerSocketChannel.open()) {
      address =
          free.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0)).getLocalAddress();
    }
    ExecutorService pool = Executors.newSingleThreadExecutor();
    try (QmpSession session = QmpSession.open(address, QUICK, QmpListener.NONE)) {
      QmpConnectionException e =
          assertThrows(QmpConnectionException.class, () -> session.execute(QUERY, SHORT));
      assertEquals(Fault.UNREACHABLE, e.fault());
      assertTrue(e.getMessage().contains("Connection refused"), e.getMessage());
      assertEquals(State.CONNECTING, session.state());

      Future<Integer> answer = pool.submit(() -> (int) session.execute(QUERY, LONG).asLong(-1));
      try (FakeQemu qemu =
          FakeQemu.onTcp(
              address,
              connection -> {
                connection.negotiate();
                while (true) { // a check may come before what waits
                  connection.answer(connection.command(), any -> success("5"));
                }
              })) {
        assertEquals(5, answer.get(10, TimeUnit.SECONDS));
        assertEquals(1, qemu.count("query"));
      }
    } finally {
      pool.shutdownNow();
    }
  }

  @Test
  @SuppressWarnings("try") // closes by hand
  void aClosedSessionFailsCommands() throws Exception {
    Heard heard = new Heard();
    ExecutorService pool = Executors.newSingleThreadExecutor();
    try (FakeQemu qemu =
            FakeQemu.onTcp(
                connection -> {
                  connection.negotiate();
                  connection.fallSilent();
                });
        QmpSession session = QmpSession.open(qemu.address(), QmpSessionOptions.defaults(), heard)) {
      session.awaitConnected(LONG);
      assertEquals("connected", heard.next());
      Future<?> answer = pool.submit(() -> session.execute(QUERY, LONG));
      Eventually.await("the command has arrived", LONG, () -> qemu.count("query") == 1);
      session.close();
      ExecutionException underWay =
          assertThrows(ExecutionException.class, () -> answer.get(10, TimeUnit.SECONDS));
      assertEquals(
          Fault.CLOSED,
          assertInstanceOf(QmpConnectionException.class, underWay.getCause()).fault());
      QmpConnectionException after =
          assertThrows(QmpConnectionException.class, () -> session.execute(QUERY, LONG));
      assertEquals(Fault.CLOSED, after.fault());
      assertEquals(State.CLOSED, session.state());
      assertTrue(heard.calls.isEmpty(), heard.calls.toString());
    } finally {
      pool.shutdownNow();
    }
  }
}
