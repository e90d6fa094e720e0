package io.github.keepalive4j.zookeeper;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.keepalive4j.support.FailingSource;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import org.apache.curator.framework.CuratorFramework;
import org.apache.curator.framework.CuratorFrameworkFactory;
import org.apache.curator.retry.RetryOneTime;
import org.apache.zookeeper.CreateMode;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** How long a successor waits for the holder that it replaced. */
@Timeout(60)
class ReleaseTest {
  private static final Duration AMPLE = Duration.ofSeconds(20);

  /** Ample for the answer of a holder in this JVM. */
  private static final Duration ACKNOWLEDGE = Duration.ofSeconds(1);

  private static final Duration LONGER = Duration.ofMillis(1_300);
  private static final String RECORD = "/keepalive4j/vm1";

  @RegisterExtension static final SharedQuorum quorum = new SharedQuorum();

  @TempDir private Path directory;
  private Contenders contenders;
  private FailingSource links;

  @BeforeEach
  void open() throws Exception {
    contenders = new Contenders(directory, quorum.connectString());
    links = contenders.links();
  }

  @AfterEach
  void close() throws Exception {
    contenders.close();
  }

  private static ZooKeeperGuard.Builder patient(ZooKeeperGuard.Builder builder) {
    return builder.acknowledgeTimeout(ACKNOWLEDGE).releaseTimeout(AMPLE);
  }

  private ServingSource serve() throws Exception {
    return contenders.serve("source", AMPLE, UnaryOperator.identity(), UnaryOperator.identity());
  }

  /** Opens a backup that watches the source. */
  private Backup backup(UnaryOperator<ZooKeeperGuard.Builder> setUp, Duration guardTimeout)
      throws Exception {
    Backup backup = contenders.backup(setUp, UnaryOperator.identity(), guardTimeout);
    backup.watch(links);
    return backup;
  }

  private Backup patientBackup() throws Exception {
    return backup(ReleaseTest::patient, AMPLE);
  }

  @Test
  void aSourceThatSaysThatItStopsIsWaitedForBeyondTheAcknowledgement() throws Exception {
    CompletableFuture<Void> stopped = serve().stopLate();
    Backup backup = patientBackup();
    links.failOne();
    backup.expectNothingFor(LONGER);
    stopped.complete(null);
    backup.expect("callback");
    assertTrue(backup.claim().description().endsWith("has stopped"));
  }

  @Test
  void aBackupThatSaysThatItStopsIsWaitedForBeyondTheAcknowledgement() throws Exception {
    Backup first = patientBackup();
    links.failOne();
    first.expect("callback");
    final CompletableFuture<Void> stopped = first.stopLate();
    first.serve();
    Backup second = patientBackup();
    links.failOne();
    assertTrue(first.next().startsWith("lost: superseded"));
    second.expectNothingFor(LONGER);
    stopped.complete(null);
    second.expect("callback");
    assertTrue(second.claim().description().endsWith("has stopped"));
  }

  @Test
  void aHolderThatSaysNothingIsNotWaitedForAnyLonger() throws Exception {
    try (CuratorFramework silent =
        CuratorFrameworkFactory.newClient(quorum.connectString(), new RetryOneTime(100))) {
      silent.start();
      byte[] claim = "claim-1\nsilent".getBytes(StandardCharsets.UTF_8);
      String node = RECORD + "/claim-1";
      silent.create().orSetData().creatingParentsIfNeeded().forPath(RECORD, claim);
      silent.create().withMode(CreateMode.EPHEMERAL).forPath(node, claim);
      Backup backup = backup(builder -> builder.releaseTimeout(AMPLE), AMPLE);
      links.failOne();
      backup.expect("callback");
      long delayNs = backup.failure().callbackNs() - backup.failure().verdictNs();
      assertTrue(delayNs >= TimeUnit.MILLISECONDS.toNanos(50), delayNs + " ns");
      assertTrue(delayNs < AMPLE.dividedBy(2).toNanos(), delayNs + " ns");
      assertTrue(backup.claim().description().endsWith("gave no answer"));
    }
  }

  @Test
  void aHolderThatStopsForTooLongIsNotWaitedForAnyLonger() throws Exception {
    CompletableFuture<Void> stopped = serve().stopLate();
    Backup backup = backup(builder -> patient(builder).releaseTimeout(ACKNOWLEDGE), AMPLE);
    links.failOne();
    backup.expect("callback");
    stopped.complete(null);
    String description = backup.claim().description();
    assertTrue(description.endsWith("did not stop within the release timeout"), description);
  }

  @Test
  void aGuardWithoutTheTimeForAStopDeclines() throws Exception {
    CompletableFuture<Void> stopped = serve().stopLate();
    Backup backup = backup(ReleaseTest::patient, ACKNOWLEDGE.plus(ACKNOWLEDGE));
    links.failOne();
    String heard = backup.next();
    stopped.complete(null);
    assertTrue(
        heard.matches("declined: (source .* is stopping|the guard gave no answer).*"), heard);
  }

  @Test
  void aGuardThatIsClosedCallsNoHolderBack() throws Exception {
    ServingSource source = serve();
    source.guard().close();
    Backup backup = patientBackup();
    links.failOne();
    backup.expect("callback");
    backup.guard().close();
    assertFalse(backup.claim().isValid());
    backup.expectNothingFor(Duration.ofMillis(300));
    assertEquals(List.of(), List.copyOf(source.lost()));
  }

  @Test
  void aSourceThatStopsIsWaitedForAlsoWhileItClosesItsGuard() throws Exception {
    ServingSource source = serve();
    CompletableFuture<Void> stopped = source.stopLate();
    Backup backup = patientBackup();
    links.failOne();
    assertTrue(source.lost().poll(20, TimeUnit.SECONDS).startsWith("superseded"));
    CompletableFuture<Void> closed = CompletableFuture.runAsync(() -> source.guard().close());
    backup.expectNothingFor(LONGER);
    assertFalse(closed.isDone());
    stopped.complete(null);
    backup.expect("callback");
    closed.join();
    assertEquals(List.of(), List.copyOf(source.lost()));
  }
}
