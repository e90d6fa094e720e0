package io.github.keepalive4j.cli.sockets;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.keepalive4j.TcpInfo;
import io.github.keepalive4j.cli.EventLine;
import io.github.keepalive4j.cli.Keepalive;
import io.github.keepalive4j.support.Eventually;
import io.github.keepalive4j.support.Needs;
import io.github.keepalive4j.testkit.Fault;
import io.github.keepalive4j.testkit.Host;
import io.github.keepalive4j.testkit.Lab;
import io.github.keepalive4j.testkit.ManagedProcess;
import io.github.keepalive4j.testkit.OutputLine;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Another process's sockets are set, and a real cut ends the calls that are blocked in them. */
class SetSocketsTest {
  private static final Duration LIMIT = Duration.ofSeconds(30);
  private static final Duration BUDGET = Duration.ofSeconds(4);

  /** Shorter than two intervals of keepalive. */
  private static final Duration OUTAGE = Duration.ofSeconds(2);

  private Lab lab;
  private ServerSocket listener;
  private ManagedProcess program;
  private volatile CountDownLatch reads = new CountDownLatch(0); // whether the peer does

  @BeforeEach
  void startTheProgram() throws Exception {
    lab = Needs.openLab();
    Host source = lab.source();
    listener = source.call(() -> new ServerSocket(0, 50, source.ipv4()));
    Thread reader = new Thread(this::readForEver);
    reader.setDaemon(true);
    reader.start();
    program =
        lab.backup()
            .startJava(
                Keepalive.QUICK_START,
                BlockedProgram.class,
                source.ipv4().getHostAddress(),
                Integer.toString(listener.getLocalPort()));
    program.awaitLine("connected", LIMIT);
  }

  @AfterEach
  void end() throws IOException {
    lab.close();
    listener.close();
  }

  /** Reads what each connection sends, on a thread of its own. */
  private void readForEver() {
    try {
      while (true) {
        Socket accepted = listener.accept();
        Thread thread = new Thread(() -> drain(accepted));
        thread.setDaemon(true);
        thread.start();
      }
    } catch (IOException e) {
      // the test has ended
    }
  }

  private void drain(Socket socket) {
    byte[] buffer = new byte[65_536];
    try (socket) {
      while (socket.getInputStream().read(buffer) >= 0) {
        reads.await();
      }
    } catch (IOException | InterruptedException e) {
      // the connection has ended
    }
  }

  private Keepalive sockets(String... arguments) throws IOException {
    List<String> all =
        new ArrayList<>(List.of("sockets", "--pid", Long.toString(program.pid()), "--json"));
    all.addAll(List.of(arguments));
    return Keepalive.run(all.toArray(String[]::new));
  }

  private String toSource() {
    return lab.source().ipv4().getHostAddress() + ":" + listener.getLocalPort();
  }

  @Test
  void bothCallsGetTheExceptionWithinTheBudget() throws Exception {
    try (Keepalive command = sockets("--within", "4s", "--to", toSource())) {
      assertEquals(0, command.awaitEnd(), command::output);
      assertEquals(2, command.events("governed").size(), command::output);
      assertEquals(4_000, command.events("governed").get(0).number("withinMs"));
    }
    requireOptionsInEffect();
    Fault cut = lab.source().drop();
    requireWithin(cut, program.awaitLine("read Connection timed out", LIMIT));
    requireWithin(cut, program.awaitLine("write Connection timed out", LIMIT));
  }

  private void requireOptionsInEffect() throws Exception {
    try (Keepalive command = sockets()) {
      assertEquals(0, command.awaitEnd(), command::output);
      for (EventLine socket : command.events("socket")) {
        assertTrue(socket.flag("keepAlive"), command::output);
        assertTrue(
            socket.json().get("hangMs").get("sending").longValue() <= 4_000, socket::toString);
      }
    }
  }

  private static void requireWithin(Fault cut, OutputLine line) {
    Duration took = Duration.ofNanos(line.arrivedNs() - cut.effectiveNs());
    Duration most = BUDGET.plus(BUDGET.dividedBy(10)).plusSeconds(2);
    assertTrue(took.compareTo(most) <= 0, () -> line.text() + " after " + took);
  }

  @Test
  void aRuleForOthersLeavesTheSocketsAsTheyAre() throws Exception {
    try (Keepalive command = sockets("--within", "4s", "--to", "192.0.2.0/24")) {
      assertEquals(0, command.awaitEnd(), command::output);
      assertEquals(List.of(), command.events(), command::output);
    }
    try (Keepalive command = sockets()) {
      assertEquals(0, command.awaitEnd(), command::output);
      for (EventLine socket : command.events("socket")) {
        assertEquals(0, socket.number("userTimeoutMs"), command::output);
      }
    }
  }

  /** Keepalive alone allows five lost probes, so they have to take their time. */
  @Test
  void aSilentConnectionOutlivesAnOutage() throws Exception {
    Eventually.await("silence for longer than its idle time", LIMIT, () -> silenceMs() > 3_500);
    Fault outage = lab.source().drop();
    try (Keepalive command = sockets("--within", "9s")) {
      Eventually.await("a lost probe since " + outage, LIMIT, () -> reading().info().probes() > 0);
      LockSupport.parkNanos(OUTAGE.toNanos());
      outage.close();
      assertEquals(0, command.awaitEnd(), command::output);
      assertEquals(2, command.events("governed").size(), command::output);
    }
    assertTrue(reading().options().userTimeoutMs() > 0, "it was heard again");
  }

  /** A command that is killed meanwhile leaves nothing behind that would end the connection. */
  @Test
  void whileAWindowIsClosedThereIsNoUserTimeout() throws Exception {
    reads = new CountDownLatch(1);
    Eventually.await("a closed window", LIMIT, this::isWindowClosed);
    try (Keepalive command = sockets("--within", "3375ms")) {
      assertEquals(0, command.awaitEnd(), command::output);
      assertEquals(
          1,
          command.events("governed").stream()
              .filter(event -> event.number("userTimeoutMs") == 0)
              .count(),
          command::output);
      assertEquals(0, writing().options().userTimeoutMs());
    }
    try (Keepalive command = sockets("--within", "20s")) {
      Eventually.await("20 s", LIMIT, () -> reading().options().userTimeoutMs() > 3_375);
      assertEquals(0, writing().options().userTimeoutMs());
      reads.countDown();
      assertEquals(0, command.awaitEnd(), command::output);
      assertEquals(2, command.events("governed").size(), command::output);
      assertTrue(writing().options().userTimeoutMs() > 3_375, command::output);
    }
  }

  /** What it waits for can't come any more. */
  @Test
  void aProcessThatEndsMeanwhileEndsTheCommand() throws Exception {
    Eventually.await("silence for longer than its idle time", LIMIT, () -> silenceMs() > 5_500);
    try (Fault cut = lab.source().drop();
        Keepalive command = sockets("--within", "9s")) {
      Eventually.await(
          "both set since " + cut,
          LIMIT,
          () -> reading().options().keepAlive() && writing().options().userTimeoutMs() > 0);
      program.kill();
      assertEquals(0, command.awaitEnd(), command::output);
      assertEquals(1, command.events("governed").size(), command::output); // the one that writes
    }
  }

  /** What waits isn't in flight then: the kernel probes the window in vain. */
  @Test
  void aPeerThatDiedWithItsWindowClosedIsEndedIfAsked() throws Exception {
    reads = new CountDownLatch(1);
    Eventually.await("a closed window", LIMIT, this::isWindowClosed);
    Fault unused = lab.source().drop();
    Eventually.await("probes in vain", LIMIT, this::isProbedInVain);
    try (Keepalive command = sockets("--within", "3375ms", "--end-stuck")) {
      program.awaitLine("write ", LIMIT);
      assertEquals(0, command.awaitEnd(), command::output);
      assertTrue(command.events("stuck").get(0).flag("ended"), command::output);
    }
    reads.countDown();
  }

  private boolean isWindowClosed() throws IOException {
    return find(SocketView::isHeldByThePeer).isPresent();
  }

  private Optional<SocketView> find(Predicate<SocketView> which) throws IOException {
    return ForeignSockets.find(program.pid(), which);
  }

  private boolean isProbedInVain() throws IOException {
    TcpInfo info = writing().info();
    return info.probes() > 0 && info.silence().toMillis() > 3_400;
  }

  private SocketView writing() throws IOException {
    return find(socket -> socket.info().bytesAcked() >= 1_000).orElseThrow();
  }

  private long silenceMs() throws IOException {
    return reading().info().silence().toMillis();
  }

  /** What the program's connection that only reads does now. */
  private SocketView reading() throws IOException {
    return find(socket -> socket.info().bytesAcked() < 1_000).orElseThrow();
  }

  /** The rule comes when the peer is gone already. */
  @Test
  void whatIsStuckIsToldAndEndedIfAsked() throws Exception {
    Eventually.await("a cut with data in flight", LIMIT, this::isCutWithDataInFlight);
    Eventually.await("data in flight for long enough", LIMIT, this::isStuck);
    String[] rule = {"--within", "3375ms"};
    try (Keepalive command = sockets(rule[0], rule[1], "--end-stuck")) {
      assertEquals(0, command.awaitEnd(), command::output);
      EventLine stuck = command.events("stuck").get(0);
      assertTrue(stuck.flag("ended"), command::output);
      assertTrue(stuck.number("silenceMs") > 3_375, command::output);
      OutputLine end = program.awaitLine("write ", LIMIT);
      assertTrue(end.arrivedNs() - stuck.number("monotonicNs") < 3_000_000_000L, end::toString);
    }
  }

  /** Cuts, and mends it if the peer had just not read for a moment. */
  private boolean isCutWithDataInFlight() throws Exception {
    Eventually.await("what is written", LIMIT, () -> find(SocketView::isInFlight).isPresent());
    Fault cut = lab.source().drop();
    Eventually.await(
        "what waits",
        LIMIT,
        () -> find(socket -> socket.isInFlight() || socket.isHeldByThePeer()).isPresent());
    boolean isInFlight = find(SocketView::isInFlight).isPresent();
    if (!isInFlight) {
      cut.close();
    }
    return isInFlight;
  }

  private boolean isStuck() throws Exception {
    try (Keepalive command = sockets()) {
      assertEquals(0, command.awaitEnd(), command::output);
      return command.events("socket").stream()
          .map(socket -> socket.json().get("inFlightMs"))
          .anyMatch(time -> time.longValue() > 3_600);
    }
  }
}
