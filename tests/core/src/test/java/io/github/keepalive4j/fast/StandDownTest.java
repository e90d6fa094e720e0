package io.github.keepalive4j.fast;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.keepalive4j.FailureCause;
import io.github.keepalive4j.KeepaliveMonitor;
import io.github.keepalive4j.KeepaliveOptions;
import io.github.keepalive4j.KeepaliveSocket;
import io.github.keepalive4j.LinkListener;
import io.github.keepalive4j.Liveness;
import io.github.keepalive4j.Watch;
import io.github.keepalive4j.support.Eventually;
import io.github.keepalive4j.support.RequiresLab;
import io.github.keepalive4j.testkit.Lab;
import io.github.keepalive4j.testkit.ManagedProcess;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A source that leaves on purpose, told from one that crashes. */
@RequiresLab
class StandDownTest {
  private static final Duration BUDGET = Duration.ofMillis(100);
  private static final Set<FailureCause> CRASH = Set.of(FailureCause.CLOSED, FailureCause.RESET);

  @ParameterizedTest
  @EnumSource
  void aSourceThatStandsDownIsNotTakenOver(Liveness liveness) throws Exception {
    try (Testbed lab = Testbed.open()) {
      CompletableFuture<KeepaliveSocket> left = new CompletableFuture<>();
      LinkListener listener =
          new LinkListener() {
            @Override
            public void onEnded(Watch.End end) {
              assertEquals(Watch.End.Kind.LEFT, end.kind());
              left.complete(end.failures().get(0).link());
            }
          };
      KeepaliveOptions options = KeepaliveOptions.detectWithin(BUDGET, liveness);
      WatchedLink link = WatchedLink.watch(lab.monitor(), lab.connect(options), listener);
      lab.server().standDown();
      assertEquals(link.socket(), left.get(10, TimeUnit.SECONDS));
      link.assertNoFailoverFor(BUDGET.multipliedBy(2));
    }
  }

  @Test
  void aBackupMayWantToTakeOverFromASourceThatStandsDown() throws Exception {
    try (Testbed lab = Testbed.open();
        KeepaliveMonitor monitor =
            lab.backup().call(() -> KeepaliveMonitor.builder().failoverWhenLeft(true).open())) {
      WatchedLink link =
          WatchedLink.watch(monitor, lab.connect(KeepaliveOptions.detectWithin(BUDGET)));
      lab.server().standDown();
      assertEquals(FailureCause.LEFT, link.awaitFailure().cause());
    }
  }

  @Test
  void aBackupOfTheOriginalsKindHearsNotAByte() throws Exception {
    try (Testbed lab = Testbed.open();
        Socket backup = lab.backup().call(() -> new Socket(lab.source().ipv4(), Testbed.PORT))) {
      Eventually.await("connection", Testbed.LIMIT, () -> lab.server().connections() == 1);
      lab.server().standDown();
      backup.setSoTimeout(10_000);
      assertEquals(-1, backup.getInputStream().read());
    }
  }

  @Test
  void aCrashSaysNothing() throws Exception {
    try (Lab lab = Lab.open();
        KeepaliveMonitor monitor = lab.backup().call(KeepaliveMonitor::open)) {
      ManagedProcess source = Programs.source(lab);
      InetSocketAddress address = new InetSocketAddress(lab.source().ipv4(), Testbed.PORT);
      KeepaliveOptions options = KeepaliveOptions.detectWithin(BUDGET);
      WatchedLink link =
          WatchedLink.watch(
              monitor, lab.backup().call(() -> KeepaliveSocket.connect(address, options)));
      source.kill();
      FailureCause cause = link.awaitFailure().cause();
      assertTrue(CRASH.contains(cause), cause::toString);
    }
  }
}
