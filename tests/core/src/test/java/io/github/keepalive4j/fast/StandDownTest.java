package io.github.keepalive4j.fast;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.keepalive4j.FailureCause;
import io.github.keepalive4j.KeepaliveMonitor;
import io.github.keepalive4j.KeepaliveOptions;
import io.github.keepalive4j.KeepaliveServer;
import io.github.keepalive4j.KeepaliveSocket;
import io.github.keepalive4j.LinkListener;
import io.github.keepalive4j.Liveness;
import io.github.keepalive4j.Watch;
import io.github.keepalive4j.support.Eventually;
import io.github.keepalive4j.support.RequiresLab;
import io.github.keepalive4j.testkit.Lab;
import io.github.keepalive4j.testkit.ManagedProcess;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
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
  private static final Duration BRIEF = Duration.ofMillis(300);
  private static final InetSocketAddress ANY_PORT = new InetSocketAddress(0);
  private static final int ROUNDS = 20;
  private static final Set<FailureCause> CRASH = Set.of(FailureCause.CLOSED, FailureCause.RESET);

  @ParameterizedTest
  @EnumSource
  void aSourceThatStandsDownIsNotTakenOver(Liveness liveness) throws Exception {
    try (Testbed lab = Testbed.open()) {
      CompletableFuture<Watch.End> ended = new CompletableFuture<>();
      LinkListener listener =
          new LinkListener() {
            @Override
            public void onEnded(Watch.End end) {
              ended.complete(end);
            }
          };
      KeepaliveOptions options = KeepaliveOptions.detectWithin(BUDGET, liveness);
      WatchedLink link = WatchedLink.watch(lab.monitor(), lab.connect(options), listener);
      lab.server().standDown();
      Watch.End end = ended.get(10, TimeUnit.SECONDS);
      assertEquals(Watch.End.Kind.LEFT, end.kind());
      assertEquals(link.socket(), end.failures().get(0).link());
      link.assertNoFailoverFor(BUDGET.multipliedBy(2));
    }
  }

  @Test
  void aSourceThatStandsDownIsTakenOverIfThatIsAskedFor() throws Exception {
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
  void aBackupOfTheOriginalsKindReceivesNoByte() throws Exception {
    try (Testbed lab = Testbed.open();
        Socket backup = lab.backup().call(() -> new Socket(lab.source().ipv4(), Testbed.PORT))) {
      Eventually.await("connection", Testbed.LIMIT, () -> lab.server().connections() == 1);
      lab.server().standDown();
      backup.setSoTimeout(10_000);
      assertEquals(-1, backup.getInputStream().read());
    }
  }

  /** As one that is armed again does. It took the end of its second link for the source's death. */
  @Test
  void aBackupThatReconnectsAtOnceDoesNotTakeOver() throws Exception {
    try (Testbed lab = Testbed.open()) {
      List<Watch.End.Kind> ends = new ArrayList<>();
      for (int round = 0; round < ROUNDS; round++) {
        KeepaliveServer server = lab.source().call(() -> KeepaliveServer.open(ANY_PORT));
        InetSocketAddress address =
            new InetSocketAddress(lab.source().ipv4(), server.localAddress().getPort());
        CompletableFuture<Watch.End.Kind> end = new CompletableFuture<>();
        KeepaliveOptions options = KeepaliveOptions.detectWithin(BUDGET);
        KeepaliveSocket link = lab.backup().call(() -> KeepaliveSocket.connect(address, options));
        LinkListener reconnecting =
            new LinkListener() {
              @Override
              public void onEnded(Watch.End first) {
                reconnect(lab, address, end);
              }
            };
        WatchedLink.watch(lab.monitor(), link, reconnecting);
        assertTrue(server.standDown(Duration.ofSeconds(10)));
        ends.add(end.get(10, TimeUnit.SECONDS));
      }
      assertEquals(Set.of(Watch.End.Kind.LEFT), Set.copyOf(ends), ends::toString);
    }
  }

  /** Completes {@code end} with how the new link ends; a source that is gone can't be reached. */
  private static void reconnect(
      Testbed lab, InetSocketAddress address, CompletableFuture<Watch.End.Kind> end) {
    LinkListener listener =
        new LinkListener() {
          @Override
          public void onEnded(Watch.End second) {
            end.complete(second.kind());
          }
        };
    try {
      KeepaliveSocket link =
          lab.backup()
              .call(() -> KeepaliveSocket.connect(address, KeepaliveOptions.defaults(), BRIEF));
      WatchedLink.watch(lab.monitor(), link, listener);
    } catch (IOException e) {
      end.complete(Watch.End.Kind.LEFT);
    } catch (Exception e) {
      end.completeExceptionally(e);
    }
  }

  @Test
  void aCrashIsNotTakenForAStandDown() throws Exception {
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
