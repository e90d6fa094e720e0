package io.github.keepalive4j.guard;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.keepalive4j.AbstractClaim;
import io.github.keepalive4j.Claim;
import io.github.keepalive4j.ClaimRequest;
import io.github.keepalive4j.KeepaliveMonitor;
import io.github.keepalive4j.KeepaliveOptions;
import io.github.keepalive4j.KeepaliveServer;
import io.github.keepalive4j.KeepaliveSocket;
import io.github.keepalive4j.Liveness;
import io.github.keepalive4j.TakeoverGuard;
import io.github.keepalive4j.support.Eventually;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A source asks its backups over their links not to take over. */
@Timeout(30)
class HoldBackTest {
  private static final Duration LIMIT = Duration.ofSeconds(20);
  private static final Duration BUDGET = Duration.ofSeconds(1);
  private static final long SOON_MS = 300;

  private final ServedClaim claim = new ServedClaim();
  private KeepaliveServer server;

  /** Keeps what the server tells it. */
  private static final class ServedClaim extends AbstractClaim {
    private volatile Backups backups;

    @Override
    public void serve(Backups served) {
      backups = served;
    }

    @Override
    public String description() {
      return "served";
    }

    @Override
    protected void giveUp() {}
  }

  /** Promises or not, and never grants. */
  private static final class AskedGuard implements TakeoverGuard {
    private final boolean promises;
    private final AtomicInteger questions = new AtomicInteger();
    private volatile InetSocketAddress link;

    AskedGuard(boolean promises) {
      this.promises = promises;
    }

    @Override
    public void linked(InetSocketAddress local) {
      link = local;
    }

    @Override
    public boolean holdBack() {
      questions.incrementAndGet();
      return promises;
    }

    @Override
    public Claim claim(ClaimRequest request) {
      throw new IllegalStateException("there is no takeover here");
    }
  }

  @BeforeEach
  void serve() throws Exception {
    server =
        KeepaliveServer.builder()
            .guard(TakeoverGuard.allOf(request -> claim), LIMIT)
            .open(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
  }

  @AfterEach
  void close() {
    server.close();
  }

  /** Watches the server; returns the link's address once the server has the link. */
  private InetSocketAddress watch(KeepaliveMonitor monitor, KeepaliveOptions options)
      throws Exception {
    KeepaliveSocket link = KeepaliveSocket.connect(server.localAddress(), options);
    monitor.watch(link, failover -> {});
    InetSocketAddress local = link.localAddress();
    Eventually.await(
        "the link at the source", () -> claim.backups.connected().equals(Set.of(local)));
    return local;
  }

  @ParameterizedTest
  @EnumSource(
      value = Liveness.class,
      names = {"HOST", "PROCESS"})
  void aBackupWhoseGuardHoldsBackPromises(Liveness liveness) throws Exception {
    AskedGuard holds = new AskedGuard(true);
    AskedGuard other = new AskedGuard(false);
    TakeoverGuard both = TakeoverGuard.allOf(other, holds);
    try (KeepaliveMonitor monitor = KeepaliveMonitor.builder().guard(both, LIMIT).open()) {
      InetSocketAddress link = watch(monitor, KeepaliveOptions.detectWithin(BUDGET, liveness));
      assertEquals(link, holds.link);
      assertEquals(link, other.link);
      for (int i = 1; i <= 3; i++) {
        long beginNs = System.nanoTime();
        long sentNs = claim.backups.askToHoldBack(link).get(20, TimeUnit.SECONDS);
        assertTrue(sentNs - beginNs >= 0 && System.nanoTime() - sentNs >= 0);
        assertEquals(i, holds.questions.get());
        assertEquals(i, other.questions.get());
      }
    }
  }

  /** Its silence counts for each later question, too: a late promise must not answer those. */
  @Test
  void aBackupWhoseGuardDoesNotHoldBackIsSilentAndAskedOnce() throws Exception {
    AskedGuard never = new AskedGuard(false);
    try (KeepaliveMonitor monitor = KeepaliveMonitor.builder().guard(never, LIMIT).open()) {
      InetSocketAddress link = watch(monitor, KeepaliveOptions.detectWithin(BUDGET));
      CompletableFuture<Long> first = claim.backups.askToHoldBack(link);
      Eventually.await("the question", () -> never.questions.get() == 1);
      assertThrows(
          TimeoutException.class,
          () -> claim.backups.askToHoldBack(link).get(SOON_MS, TimeUnit.MILLISECONDS));
      assertFalse(first.isDone());
      assertEquals(1, never.questions.get());
    }
  }

  /** As one of an application whose classes are gone. */
  private static final class BrokenGuard implements TakeoverGuard {
    private final AtomicInteger calls = new AtomicInteger();

    @Override
    public void linked(InetSocketAddress local) {
      throwError();
    }

    @Override
    public boolean holdBack() {
      return throwError();
    }

    private boolean throwError() {
      calls.incrementAndGet();
      throw new NoClassDefFoundError("undeployed");
    }

    @Override
    public Claim claim(ClaimRequest request) {
      throw new IllegalStateException("there is no takeover here");
    }
  }

  @Test
  void aGuardWhoseClassesAreGoneIsSilentAndCostsNoWatch() throws Exception {
    BrokenGuard broken = new BrokenGuard();
    List<Throwable> errors = new CopyOnWriteArrayList<>();
    try (KeepaliveMonitor monitor =
        KeepaliveMonitor.builder()
            .guard(broken, LIMIT)
            .errorHandler((link, error) -> errors.add(error))
            .open()) {
      InetSocketAddress link = watch(monitor, KeepaliveOptions.detectWithin(BUDGET));
      CompletableFuture<Long> answer = claim.backups.askToHoldBack(link);
      Eventually.await("the question", () -> broken.calls.get() == 2);
      assertTrue(monitor.close(LIMIT)); // waits for the thread that was asked
      assertFalse(answer.isDone());
      assertEquals(List.of(), errors);
    }
  }

  @Test
  void aBackupWithoutAGuardIsSilent() throws Exception {
    try (KeepaliveMonitor monitor = KeepaliveMonitor.open()) {
      InetSocketAddress link = watch(monitor, KeepaliveOptions.detectWithin(BUDGET));
      assertThrows(
          TimeoutException.class,
          () -> claim.backups.askToHoldBack(link).get(SOON_MS, TimeUnit.MILLISECONDS));
      assertEquals(1, server.connections());
    }
  }

  /** One without probes takes any byte for the end of its link. */
  @Test
  void aBackupThatHasNeverSpokenIsNotAsked() throws Exception {
    AskedGuard holds = new AskedGuard(true);
    try (KeepaliveMonitor monitor = KeepaliveMonitor.builder().guard(holds, LIMIT).open()) {
      InetSocketAddress link = watch(monitor, KeepaliveOptions.defaults());
      assertThrows(
          TimeoutException.class,
          () -> claim.backups.askToHoldBack(link).get(SOON_MS, TimeUnit.MILLISECONDS));
      assertEquals(0, holds.questions.get());
      assertEquals(1, server.connections());
    }
  }
}
