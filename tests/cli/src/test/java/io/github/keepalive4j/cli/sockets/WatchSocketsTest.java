package io.github.keepalive4j.cli.sockets;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

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
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Rules are applied to another process's sockets for as long as it lives. */
class WatchSocketsTest {
  private static final Duration LIMIT = Duration.ofSeconds(30);
  private static final Duration A_SECOND = Duration.ofSeconds(1);

  private Lab lab;
  private ServerSocket listener;
  private ManagedProcess program;

  @BeforeEach
  void startTheProgram() throws Exception {
    lab = Needs.openLab();
    Host source = lab.source();
    listener = source.call(() -> new ServerSocket(0, 50, source.ipv4()));
    program =
        lab.backup()
            .startJava(
                Keepalive.QUICK_START,
                ObedientProgram.class,
                source.ipv4().getHostAddress(),
                Integer.toString(listener.getLocalPort()));
    program.awaitLine("ready", LIMIT);
  }

  @AfterEach
  void end() throws IOException {
    lab.close();
    listener.close();
  }

  private Keepalive watch() throws IOException {
    return within("4s", "--watch", "--json");
  }

  private Keepalive within(String time, String... more) throws IOException {
    List<String> arguments =
        new ArrayList<>(
            List.of("sockets", "--pid", Long.toString(program.pid()), "--within", time));
    arguments.addAll(List.of(more));
    return Keepalive.run(arguments.toArray(String[]::new));
  }

  private OutputLine order(String order) throws Exception {
    program.stdin().write((order + "\n").getBytes(StandardCharsets.UTF_8));
    program.stdin().flush();
    return program.awaitNextLine("done: " + order, LIMIT);
  }

  private static void requireWithin(Duration limit, long sinceNs, long untilNs) {
    Duration took = Duration.ofNanos(untilNs - sinceNs);
    assertTrue(took.compareTo(limit) <= 0, took::toString);
  }

  @Test
  void whatTheProcessOpensAndChangesIsSetUntilItEnds() throws Exception {
    try (Keepalive command = watch()) {
      OutputLine opened = order("open");
      Socket first = listener.accept();
      EventLine governed = command.awaitEvent("governed");
      order("undo");
      command.awaitEvent("set-again");
      long closedNs = order("close").arrivedNs();
      assertEquals(-1, first.getInputStream().read());
      requireWithin(A_SECOND.multipliedBy(2), closedNs, System.nanoTime()); // no duplicate held it
      first.close();
      OutputLine again = order("open");
      EventLine second = command.awaitEvent("governed", 2);
      requireWithin(A_SECOND.multipliedBy(3), again.arrivedNs(), second.number("monotonicNs"));
      assertEquals(program.pid(), second.number("pid"));
      assertEquals(governed.text("peer"), second.text("peer"));
      assertTrue(opened.arrivedNs() < again.arrivedNs());
      Fault cut = lab.source().drop();
      OutputLine dead = program.awaitLine("read Connection timed out", LIMIT);
      requireWithin(Duration.ofSeconds(6), cut.effectiveNs(), dead.arrivedNs());
      assertTrue(command.awaitEvent("dead-peer").number("silenceMs") > 2_000, command::output);
      program.kill();
      assertEquals(0, command.awaitEnd(), command::output);
      command.awaitError("has ended");
    }
  }

  @Test
  void aSignalEndsTheCommandAlone() throws Exception {
    try (Keepalive command = watch()) {
      order("open");
      command.awaitEvent("governed");
      command.signal("TERM");
      assertEquals(128 + 15, command.awaitEnd(), command::output);
      order("close");
    }
  }

  /** Two would set the same sockets back and forth for ever. */
  @Test
  void nobodyElseSetsTheSocketsMeanwhile() throws Exception {
    order("open");
    try (Keepalive first = watch()) {
      first.awaitEvent("governed");
      requireRefusal(within("1m", "--watch"), first);
      requireRefusal(within("1m"), first);
      assertTrue(connection().options().userTimeoutMs() <= 4_000, first::output);
      first.signal("TERM");
      first.awaitEnd();
    }
    try (Keepalive next = watch()) {
      next.awaitEvent("governed");
    }
  }

  private void requireRefusal(Keepalive command, Keepalive holder) throws Exception {
    try (command) {
      assertEquals(1, command.awaitEnd(), command::output);
      assertEquals(
          "keepalive sockets: process "
              + holder.pid()
              + " (java) sets the sockets of process "
              + program.pid()
              + " (java) already: end it first, because two would overwrite each other's options",
          command.stderr().text());
      assertEquals("", command.stdout().text());
    }
  }

  private SocketView connection() throws IOException {
    return ForeignSockets.find(program.pid(), SocketView::hasPeer).orElseThrow();
  }

  /** Its user timeout waits for the answer to a probe. */
  @Test
  void whatIsInEffectIsTold() throws Exception {
    order("open");
    Eventually.await("silence", LIMIT, () -> connection().info().silence().toMillis() > 3_500);
    try (Fault cut = lab.source().drop();
        Keepalive command = watch()) {
      EventLine governed = command.awaitEvent("governed");
      assertTrue(governed.flag("keepAlive"), cut::toString);
      assertEquals(0, governed.number("userTimeoutMs"));
      assertEquals(0, connection().options().userTimeoutMs());
    }
  }
}
