package io.github.keepalive4j.zookeeper;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.keepalive4j.AbstractClaim;
import io.github.keepalive4j.Claim;
import io.github.keepalive4j.ClaimRequest;
import io.github.keepalive4j.KeepaliveMonitor;
import io.github.keepalive4j.KeepaliveOptions;
import io.github.keepalive4j.KeepaliveSocket;
import io.github.keepalive4j.LinkListener;
import io.github.keepalive4j.TakeoverGuard;
import io.github.keepalive4j.Watch;
import io.github.keepalive4j.support.Eventually;
import io.github.keepalive4j.support.FailingSource;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import org.apache.curator.test.TestingZooKeeperServer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** Tests claims on an ensemble that loses servers. */
@Execution(ExecutionMode.CONCURRENT) // each on an ensemble of its own
@Timeout(90)
class EnsembleFailureTest {
  private static final Duration AMPLE = Duration.ofSeconds(10);

  @TempDir private Path directory;
  private Quorum quorum;
  private FailingSource links;
  private final List<Backup> backups = new ArrayList<>();

  @BeforeEach
  void start() throws Exception {
    quorum = Quorum.start();
    links = new FailingSource();
  }

  private static ZooKeeperGuard.Builder defaults(ZooKeeperGuard.Builder builder) {
    return builder.sessionTimeout(Duration.ofSeconds(6)).acknowledgeTimeout(AMPLE);
  }

  @AfterEach
  void stop() throws Exception {
    links.close();
    for (Backup backup : backups) {
      backup.close();
    }
    quorum.close();
    List<HistoryEvent> history = new ArrayList<>();
    for (Backup backup : backups) {
      history.addAll(HistoryEvent.read(backup.journalFile()));
    }
    assertEquals(List.of(), HistoryChecker.violations(history));
  }

  private Backup watching(UnaryOperator<ZooKeeperGuard.Builder> setUp) throws Exception {
    Backup backup =
        Backup.open("backup-" + (backups.size() + 1), directory, quorum.connectString(), setUp);
    backups.add(backup);
    backup.awaitConnected();
    backup.watch(links);
    return backup;
  }

  private void stopAllServers() throws IOException {
    for (TestingZooKeeperServer server : quorum.servers()) {
      server.stop();
    }
  }

  /** Opens a backup that begins its watch while all servers are down. */
  private Backup watchingWithoutServers(UnaryOperator<ZooKeeperGuard.Builder> setUp)
      throws Exception {
    stopAllServers();
    Backup backup = Backup.open("backup-1", directory, quorum.connectString(), setUp);
    backups.add(backup);
    backup.watch(links);
    return backup;
  }

  @Test
  void takeoverWorksWithoutOneServerAndDeclinesWithoutTwo() throws Exception {
    Backup holder = watching(EnsembleFailureTest::defaults);
    links.failOne();
    holder.expect("callback");
    holder.serve();
    Backup decliner = watching(EnsembleFailureTest::defaults);
    Backup granter = watching(b -> defaults(b).whenUnavailable(Unavailable.GRANT));
    List<TestingZooKeeperServer> servers = quorum.servers();

    servers.get(0).stop();
    Backup third = watching(EnsembleFailureTest::defaults);
    final long before = holder.token();
    links.close();
    links = new FailingSource();
    int callbacks = 0;
    for (Backup backup : List.of(decliner, granter, third)) {
      String heard = backup.next();
      callbacks += heard.equals("callback") ? 1 : 0;
      assertTrue(heard.matches("callback|declined: won by backup-[2-4] \\(token .*"), heard);
    }
    assertEquals(1, callbacks);
    assertTrue(holder.next().startsWith("lost: superseded"));

    Backup last = callbacks(decliner, granter, third);
    assertTrue(last.token() > before);
    last.serve();
    decliner.watch(links);
    granter.watch(links);
    servers.get(1).stop();
    assertTrue(last.next().startsWith("lost: the lease ended: no answer from the ensemble for"));
    links.failAll();
    String declined = decliner.next();
    assertTrue(declined.startsWith("declined: the ensemble is unavailable: "), declined);
    granter.expect("callback");
    assertTrue(granter.claim().token().isEmpty());
    assertTrue(granter.claim().description().startsWith("granted without a claim, as configured"));
  }

  private static Backup callbacks(Backup... backups) {
    for (Backup backup : backups) {
      if (backup.failure() != null) {
        return backup;
      }
    }
    throw new AssertionError("nobody won");
  }

  @Test
  void aWatchBegunDuringAnOutageIsArmedOnceTheEnsembleIsBack() throws Exception {
    Backup backup =
        watchingWithoutServers(
            builder -> defaults(builder).client(client -> client.connectionTimeoutMs(600)));
    for (TestingZooKeeperServer server : quorum.servers()) {
      server.restart();
    }
    Eventually.await(
        "arming",
        Duration.ofSeconds(20),
        () -> backup.guard().arming().state() == Arming.State.ARMED);
    links.failOne();
    backup.expect("callback");
  }

  @Test
  void aWatchThatNeverReachedTheEnsembleDeclines() throws Exception {
    Backup backup =
        watchingWithoutServers(builder -> defaults(builder).requestTimeout(Duration.ofMillis(300)));
    links.failOne();
    backup.expect(
        "declined: the ensemble is unavailable: it was never reached while the link was up");
  }

  @Test
  void aSuspendedConnectionLosesTheClaimIfConfigured() throws Exception {
    Backup strict = watching(builder -> defaults(builder).loseWhenSuspended(true));
    links.failOne();
    strict.expect("callback");
    stopAllServers();
    strict.expect("lost: the connection to the ensemble was suspended");
  }

  @Test
  void aClaimInDoubtBeforeTheCallbackDeclines() throws Exception {
    String heard =
        reasonAfterAnOutageBeforeTheCallback(claim -> ((AbstractClaim) claim).mayBegin());
    assertEquals("the claim was in doubt when it was to be used", heard);
  }

  @Test
  void aClaimLostBeforeTheCallbackDeclines() throws Exception {
    String heard = reasonAfterAnOutageBeforeTheCallback(Claim::isValid);
    String reason = "the claim was lost before it was used: the lease ended: ";
    assertTrue(heard.startsWith(reason), heard);
  }

  /**
   * Stops the ensemble after the grant; the callback may begin once the claim isn't fit any more.
   */
  private String reasonAfterAnOutageBeforeTheCallback(Predicate<Claim> fit) throws Exception {
    BlockingQueue<String> heard = new LinkedBlockingQueue<>();
    LinkListener listener =
        new LinkListener() {
          @Override
          public void onEnded(Watch.End end) {
            end.reason().ifPresent(heard::add);
          }
        };
    ZooKeeperGuard.Builder builder = ZooKeeperGuard.builder(quorum.connectString(), "vm1");
    try (ZooKeeperGuard guard = defaults(builder).open();
        KeepaliveMonitor monitor =
            KeepaliveMonitor.builder()
                .guard(new OutageGuard(guard, fit), Duration.ofSeconds(30))
                .open()) {
      assertTrue(guard.awaitConnected(Duration.ofSeconds(20)));
      KeepaliveSocket link = KeepaliveSocket.connect(links.address(), KeepaliveOptions.defaults());
      monitor.watch(link, failure -> heard.add("callback"), listener);
      links.accept();
      links.failOne();
      return heard.poll(30, TimeUnit.SECONDS);
    }
  }

  private final class OutageGuard implements TakeoverGuard {
    private final TakeoverGuard guard;
    private final Predicate<Claim> fit;

    OutageGuard(TakeoverGuard guard, Predicate<Claim> fit) {
      this.guard = guard;
      this.fit = fit;
    }

    @Override
    public TakeoverGuard arm() {
      return new OutageGuard(guard.arm(), fit);
    }

    @Override
    public Claim claim(ClaimRequest request) throws Exception {
      Claim claim = guard.claim(request);
      stopAllServers();
      while (fit.test(claim)) {
        TimeUnit.MILLISECONDS.sleep(1);
      }
      return claim;
    }
  }
}
