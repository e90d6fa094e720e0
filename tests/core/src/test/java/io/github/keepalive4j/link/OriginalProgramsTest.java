package io.github.keepalive4j.link;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.keepalive4j.Failure;
import io.github.keepalive4j.KeepaliveMonitor;
import io.github.keepalive4j.KeepaliveOptions;
import io.github.keepalive4j.KeepaliveServer;
import io.github.keepalive4j.KeepaliveSocket;
import io.github.keepalive4j.support.Eventually;
import io.github.keepalive4j.support.InLab;
import io.github.keepalive4j.support.Recorder;
import io.github.keepalive4j.testkit.Fault;
import io.github.keepalive4j.testkit.Lab;
import io.github.keepalive4j.testkit.ManagedProcess;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Programs that do what the original does and nothing more, at the other end. */
@Tag("long")
@InLab
class OriginalProgramsTest {
  private static final Duration QUIET = Duration.ofSeconds(30);
  private static final int PORT = 9999;

  private Lab lab;

  @BeforeEach
  void openLab() throws IOException {
    lab = Lab.open();
  }

  @AfterEach
  void closeLab() throws IOException {
    lab.close();
  }

  private ManagedProcess originalSource() throws Exception {
    ManagedProcess source = lab.source().start(python("original_source.py", "" + PORT));
    source.awaitLine("listening", Eventually.DEADLINE);
    return source;
  }

  private static String[] python(String script, String... arguments) throws Exception {
    Path path = Path.of(OriginalProgramsTest.class.getResource("/" + script).toURI());
    String[] command = new String[2 + arguments.length];
    command[0] = "python3";
    command[1] = path.toString();
    System.arraycopy(arguments, 0, command, 2, arguments.length);
    return command;
  }

  private KeepaliveSocket connect() throws Exception {
    InetSocketAddress address = new InetSocketAddress(lab.source().ipv4(), PORT);
    return lab.backup().call(() -> KeepaliveSocket.connect(address, KeepaliveOptions.defaults()));
  }

  @Test
  void aKilledSourceIsAFailoverAtOnce() throws Exception {
    ManagedProcess source = originalSource();
    Recorder recorder = new Recorder();
    try (KeepaliveMonitor monitor = KeepaliveMonitor.open()) {
      monitor.watch(connect(), recorder);
      source.awaitLine("accepted", Eventually.DEADLINE);
      long killedNs = System.nanoTime();
      source.kill();
      Failure failure = recorder.await("failover CLOSED").failure();
      long tookMs = Duration.ofNanos(failure.callbackNs() - killedNs).toMillis();
      assertTrue(tookMs < 3_000, () -> tookMs + " ms");
    }
  }

  @Test
  void aStoppedSourceIsNoFailover() throws Exception {
    ManagedProcess source = originalSource();
    Recorder recorder = new Recorder();
    try (KeepaliveMonitor monitor = KeepaliveMonitor.open()) {
      KeepaliveSocket link = connect();
      monitor.watch(link, recorder, recorder);
      source.awaitLine("accepted", Eventually.DEADLINE); // else its kill would be a reset
      recorder.await("up");
      Fault stopped = source.stop();
      hold(Duration.ofSeconds(10), () -> recorder.calls().equals(List.of("up")));
      stopped.close();
      assertTrue(link.isOpen());
      source.kill();
      recorder.await("failed CLOSED");
    }
  }

  @Test
  void aSourceThatNeverReadsIsWatched() throws Exception {
    ManagedProcess source = originalSource();
    Recorder recorder = new Recorder();
    try (KeepaliveMonitor monitor = KeepaliveMonitor.open()) {
      monitor.watch(connect(), recorder, recorder);
      source.awaitLine("accepted", Eventually.DEADLINE);
      Fault cut = lab.source().drop();
      Failure failure = recorder.await("failed TIMED_OUT").failure();
      long tookMs = Duration.ofNanos(failure.callbackNs() - cut.effectiveNs()).toMillis();
      assertTrue(tookMs > 4_500 && tookMs < 9_000, () -> tookMs + " ms");
    }
  }

  @Test
  void aBackupThatTakesAnyEventForAFailureStaysQuiet() throws Exception {
    KeepaliveServer server =
        lab.source().call(() -> KeepaliveServer.open(new InetSocketAddress(PORT)));
    String host = lab.source().ipv4().getHostAddress();
    ManagedProcess backup = lab.backup().start(python("original_backup.py", host, "" + PORT));
    backup.awaitLine("connected", Eventually.DEADLINE);
    hold(QUIET, () -> backup.lines().equals(List.of("connected")));
    assertEquals(1, server.connections());
    server.close();
    backup.awaitLine("failover", Eventually.DEADLINE);
  }

  private static void hold(Duration time, BooleanSupplier condition) throws Exception {
    long startNs = System.nanoTime();
    Eventually.await(
        "the end of " + time,
        time.plusSeconds(5),
        () -> System.nanoTime() - startNs >= time.toNanos() || !condition.getAsBoolean());
    assertTrue(condition.getAsBoolean(), "something happened");
  }
}
