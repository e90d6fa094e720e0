package io.github.keepalive4j.fast;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.keepalive4j.DeadMansSwitch;
import io.github.keepalive4j.Failure;
import io.github.keepalive4j.FailureCause;
import io.github.keepalive4j.KeepaliveMonitor;
import io.github.keepalive4j.KeepaliveOptions;
import io.github.keepalive4j.KeepaliveServer;
import io.github.keepalive4j.KeepaliveSocket;
import io.github.keepalive4j.Liveness;
import io.github.keepalive4j.support.BestOfFive;
import io.github.keepalive4j.support.Eventually;
import io.github.keepalive4j.support.RequiresLab;
import io.github.keepalive4j.testkit.Fault;
import io.github.keepalive4j.testkit.Lab;
import io.github.keepalive4j.testkit.ManagedProcess;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;

/** A source whose kernel answers and whose process doesn't. */
@RequiresLab
class HungTest {
  private static final Duration BUDGET = Duration.ofMillis(200);

  /** For a machine that others use too. */
  private static final Duration SLACK = Duration.ofSeconds(1);

  private final KeepaliveOptions process = KeepaliveOptions.detectWithin(BUDGET, Liveness.PROCESS);

  @Test
  void aStoppedProcessIsHungAndItsHostIsNot() throws Exception {
    try (Lab lab = Lab.open();
        KeepaliveMonitor monitor = lab.backup().call(KeepaliveMonitor::open)) {
      ManagedProcess source = Programs.source(lab);
      BestOfFive.requireWithin(
          process.worstCaseDetection(),
          () -> {
            WatchedLink watched = WatchedLink.watch(monitor, connect(lab, process));
            WatchedLink host =
                WatchedLink.watch(monitor, connect(lab, KeepaliveOptions.detectWithin(BUDGET)));
            try (Fault stopped = source.stop()) {
              Duration took = hungSince(stopped.startedNs(), watched.awaitFailure());
              host.assertNoFailoverFor(BUDGET.multipliedBy(2));
              return took;
            }
          });
    }
  }

  @Test
  void aSwitchThatNobodyTouchesIsHung() throws Exception {
    Duration held = Duration.ofSeconds(2);
    DeadMansSwitch deadMansSwitch = DeadMansSwitch.expiringAfter(held);
    try (Testbed lab = Testbed.open(KeepaliveServer.builder().health(deadMansSwitch))) {
      BestOfFive.requireWithin(
          process.worstCaseDetection(),
          () -> {
            deadMansSwitch.touch();
            WatchedLink link = lab.watch(process);
            deadMansSwitch.touch();
            long touchedNs = System.nanoTime();
            Failure failure = link.awaitFailure();
            assertTrue(failure.verdictNs() - touchedNs > held.toNanos() - BUDGET.toNanos());
            return hungSince(touchedNs + held.toNanos(), failure);
          });
    }
  }

  @Test
  void aSwitchThatIsTouchedIsHealthy() throws Exception {
    DeadMansSwitch deadMansSwitch = DeadMansSwitch.expiringAfter(Duration.ofSeconds(1));
    try (Testbed lab = Testbed.open(KeepaliveServer.builder().health(deadMansSwitch))) {
      deadMansSwitch.touch();
      WatchedLink link = lab.watch(process);
      for (int i = 0; i < 8; i++) {
        deadMansSwitch.touch();
        link.assertNoFailoverFor(BUDGET);
      }
    }
  }

  @Test
  void aHealthCheckThatThrowsIsHung() throws Exception {
    AtomicBoolean broken = new AtomicBoolean();
    try (Testbed lab = Testbed.open(KeepaliveServer.builder().health(unless(broken)))) {
      BestOfFive.requireWithin(
          process.worstCaseDetection(),
          () -> {
            broken.set(false);
            WatchedLink link = lab.watch(process);
            link.assertNoFailoverFor(BUDGET);
            long brokenNs = System.nanoTime();
            broken.set(true);
            return hungSince(brokenNs, link.awaitFailure());
          });
    }
  }

  @Test
  void aHostWhoseProcessIsUnhealthyIsNotHung() throws Exception {
    AtomicBoolean broken = new AtomicBoolean();
    try (Testbed lab = Testbed.open(KeepaliveServer.builder().health(unless(broken)))) {
      WatchedLink link = lab.watch(manyProbes());
      broken.set(true);
      long before = link.socket().tcpInfo().bytesReceived();
      Eventually.await(
          "sign that it reads",
          Testbed.LIMIT,
          () -> link.socket().tcpInfo().bytesReceived() > before);
      link.assertNoFailoverFor(BUDGET.multipliedBy(2));
    }
  }

  @Test
  void aSourceThatIsUnhealthyFromTheStartIsRefused() throws Exception {
    try (Testbed lab = Testbed.open(KeepaliveServer.builder().health(() -> false))) {
      KeepaliveSocket link = KeepaliveSocket.open(process);
      assertThrows(
          SocketTimeoutException.class,
          () ->
              lab.backup()
                  .call(
                      () -> {
                        link.connectTo(lab.address(), Duration.ofMillis(100));
                        return null;
                      }));
    }
  }

  @Test
  void aHostThatIsCutOffIsNotHung() throws Exception {
    try (Testbed lab = Testbed.open()) {
      WatchedLink link = lab.watch(process);
      try (Fault cut = lab.source().dropIncoming()) {
        Failure failure = link.awaitFailure();
        assertEquals(FailureCause.TIMED_OUT, failure.cause());
        assertTrue(failure.verdictNs() > cut.startedNs());
      }
    }
  }

  private static KeepaliveOptions manyProbes() {
    return KeepaliveOptions.detectWithin(BUDGET).toBuilder()
        .probe(Duration.ofMillis(1), BUDGET)
        .build();
  }

  private static BooleanSupplier unless(AtomicBoolean broken) {
    return () -> {
      if (broken.get()) {
        throw new IllegalStateException("the test's health check fails on purpose");
      }
      return true;
    };
  }

  private static KeepaliveSocket connect(Lab lab, KeepaliveOptions options) throws Exception {
    InetSocketAddress source = new InetSocketAddress(lab.source().ipv4(), Testbed.PORT);
    return lab.backup().call(() -> KeepaliveSocket.connect(source, options));
  }

  private static Duration hungSince(long sinceNs, Failure failure) {
    assertEquals(FailureCause.HUNG, failure.cause());
    Duration took = Duration.ofNanos(failure.callbackNs() - sinceNs);
    assertTrue(took.compareTo(BUDGET.plus(SLACK)) <= 0, took::toString);
    return took;
  }
}
