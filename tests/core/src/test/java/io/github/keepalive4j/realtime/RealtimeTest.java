package io.github.keepalive4j.realtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.keepalive4j.FailoverCallback;
import io.github.keepalive4j.KeepaliveException;
import io.github.keepalive4j.KeepaliveMonitor;
import io.github.keepalive4j.KeepaliveOptions;
import io.github.keepalive4j.KeepaliveServer;
import io.github.keepalive4j.KeepaliveSocket;
import io.github.keepalive4j.Transport;
import io.github.keepalive4j.realtime.Threads.Scheduled;
import io.github.keepalive4j.support.ChildJvm;
import io.github.keepalive4j.support.Eventually;
import io.github.keepalive4j.support.LogRecords;
import io.github.keepalive4j.support.Needs;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Real time as the kernel sees it. */
class RealtimeTest {
  private static final int PRIORITY = RealtimeProgram.PRIORITY;
  private static final int SERVER_PRIORITY = 20;

  /** More than the JVM's code and some stacks take; a default heap is larger. */
  private static final long MUCH = 64L << 20;

  private static final String WITHOUT = "setpriv --bounding-set -";
  private static final long SPIN_LIMIT_NS = TimeUnit.SECONDS.toNanos(20);
  private static final InetSocketAddress ANY =
      new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);

  private static KeepaliveMonitor openRealtime() throws IOException {
    try {
      return KeepaliveMonitor.builder().realtime(PRIORITY).open();
    } catch (KeepaliveException e) {
      Needs.lack(e.getMessage());
      throw e;
    }
  }

  /** Opens a source and a monitor that watches it, and closes the source at the end. */
  private static <T> T onFailover(Supplier<T> callback, Runnable beforeEnd) throws Exception {
    CompletableFuture<T> called = new CompletableFuture<>();
    FailoverCallback complete =
        failover -> called.completeAsync(callback, Runnable::run); // passes errors on
    try (KeepaliveMonitor monitor = openRealtime();
        KeepaliveServer server = KeepaliveServer.builder().realtime(SERVER_PRIORITY).open(ANY)) {
      monitor.watch(
          KeepaliveSocket.connect(
              server.localAddress(), KeepaliveOptions.detectWithin(Duration.ofMillis(500))),
          complete);
      beforeEnd.run();
      leave(server);
      return called.get(30, TimeUnit.SECONDS);
    }
  }

  /** To its backups a server is gone once it is closed. */
  private static void leave(AutoCloseable server) throws Exception {
    server.close();
  }

  private static void awaitThread(String name, int priority) throws Exception {
    Eventually.await(
        name + " at " + priority,
        () ->
            Threads.all().stream()
                .anyMatch(
                    thread ->
                        thread.name().equals(name)
                            && thread.policy() == Threads.FIFO
                            && thread.priority() == priority));
  }

  private static boolean isAlive(String name) throws IOException {
    return Threads.all().stream().anyMatch(thread -> thread.name().equals(name));
  }

  private static Runnable unchecked(AutoCloseable check) {
    return () -> {
      try {
        check.close();
      } catch (Exception e) {
        throw new AssertionError(e);
      }
    };
  }

  @Test
  void threadsThatDetectAnswerAndCallBackAreRealtime() throws Exception {
    Scheduled callback =
        onFailover(
            Threads::current,
            unchecked(
                () -> {
                  awaitThread("ka-detector", PRIORITY + 1);
                  awaitThread("ka-watchdog", SERVER_PRIORITY + 2);
                  awaitThread("keepalive-monit", PRIORITY);
                  awaitThread("keepalive-serve", SERVER_PRIORITY);
                  assertTrue(Threads.lockedBytes() > 0);
                  assertTrue(Threads.lockedBytes() < MUCH, "locked " + Threads.lockedBytes());
                }));
    assertEquals(Threads.FIFO, callback.policy());
    assertEquals(PRIORITY, callback.priority());
    Eventually.await("the watchdog's end", () -> !isAlive("ka-watchdog"));
    Eventually.await("nothing locked", () -> Threads.lockedBytes() == 0);
  }

  @Test
  void aProcessThatTheCallbackStartsIsNormal() throws Exception {
    String stat =
        onFailover(
            () -> {
              try {
                Process child = new ProcessBuilder("cat", "/proc/self/stat").start();
                return new String(child.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
              } catch (IOException e) {
                throw new IllegalStateException(e);
              }
            },
            () -> {});
    assertEquals(Threads.OTHER, Threads.parse(stat).policy());
  }

  @Test
  void aCallbackThatSpinsBecomesNormal() throws Exception {
    try (LogRecords log = LogRecords.of(KeepaliveMonitor.class);
        KeepaliveMonitor other = openRealtime()) {
      Scheduled after = onFailover(RealtimeTest::spin, () -> {});
      assertEquals(Threads.OTHER, after.policy());
      Eventually.await(
          "a warning",
          () -> {
            other.isWorking(); // has its thread come round
            return log.warnings().stream().anyMatch(text -> text.contains("half a CPU"));
          });
    }
  }

  private static Scheduled spin() {
    long endNs = System.nanoTime() + SPIN_LIMIT_NS;
    Scheduled now = Threads.current();
    assertEquals(Threads.FIFO, now.policy());
    while (now.policy() == Threads.FIFO && System.nanoTime() < endNs) {
      now = Threads.current();
    }
    return now;
  }

  @ParameterizedTest
  @ValueSource(ints = {Integer.MIN_VALUE, 0, 100, Integer.MAX_VALUE})
  void aPriorityHasARange(int priority) {
    String expected = "priority " + priority + " is not from 1 to 99";
    for (Function<Integer, ?> builder :
        List.<Function<Integer, ?>>of(
            KeepaliveMonitor.builder()::realtime, KeepaliveServer.builder()::realtime)) {
      assertEquals(
          expected,
          assertThrows(IllegalArgumentException.class, () -> builder.apply(priority)).getMessage());
    }
  }

  @ParameterizedTest
  @CsvSource({
    WITHOUT + "sys_nice, real-time priority 10 takes CAP_SYS_NICE, RLIMIT_RTPRIO, of 12 or more",
    WITHOUT + "sys_nice, real-time priority 10 takes CAP_SYS_NICE, cpu.rt_runtime_us, cgroup",
    WITHOUT + "ipc_lock, real time takes CAP_IPC_LOCK, RLIMIT_MEMLOCK, of 64 MiB or more",
    "prlimit --rttime=1999999, real time takes RLIMIT_RTTIME, LimitRTTIME=, of 2 s or more"
  })
  void withoutThePrivilegeItIsRefused(String without, String start, String limit, String value)
      throws Exception {
    Needs.lab(); // all other privileges are there
    List<String> command = List.of(without.split(" ", -1));
    try (ChildJvm child = ChildJvm.start(command, RealtimeProgram.class)) {
      for (String of : List.of("monitor", "server")) {
        String refusal = child.readLine();
        assertTrue(refusal.startsWith(start), of + ": " + refusal);
        assertTrue(refusal.contains(limit), of + ": " + refusal);
        assertTrue(refusal.contains(value), of + ": " + refusal);
      }
      assertEquals("left: 0 descriptors, 0 bytes locked, watchdog false", child.readLine());
    }
  }

  @Test
  void aPrivilegeThatGoesAwayCostsNoLinkItsDetectorAndIsTold() throws Exception {
    Needs.lab();
    List<String> without = List.of("prlimit", "--rtprio=0");
    try (ChildJvm child = ChildJvm.start(without, LostPrivilegeProgram.class)) {
      assertEquals("ka-detector " + Threads.OTHER, child.readLine());
      String warning = child.readLine();
      assertTrue(warning.contains("detector"), warning);
      assertTrue(warning.contains("isn't a real-time thread"), warning);
      String cause = child.readLine(); // a reset if a probe was unread
      assertTrue(Set.of("CLOSED", "RESET").contains(cause), cause);
    }
  }

  @Test
  void thePureJdkPathHasNone() {
    System.setProperty(Transport.PROPERTY, "jdk");
    try {
      for (AutoCloseable open :
          List.<AutoCloseable>of(
              () -> KeepaliveMonitor.builder().realtime(PRIORITY).open(),
              () -> KeepaliveServer.builder().realtime(PRIORITY).open(ANY))) {
        String refusal =
            assertThrows(UnsupportedOperationException.class, open::close).getMessage();
        assertTrue(refusal.contains("realtime (SCHED_FIFO)"), refusal);
      }
    } finally {
      System.clearProperty(Transport.PROPERTY);
    }
  }
}
