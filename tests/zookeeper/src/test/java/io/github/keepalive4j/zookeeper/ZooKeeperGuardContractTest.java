package io.github.keepalive4j.zookeeper;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.keepalive4j.Claim;
import io.github.keepalive4j.TakeoverGuard;
import io.github.keepalive4j.testkit.junit.TakeoverGuardContract;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.curator.framework.CuratorFramework;
import org.apache.curator.framework.CuratorFrameworkFactory;
import org.apache.curator.retry.RetryOneTime;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;

/** The guard keeps the testkit's contract for guards, with both ways to treat a live holder. */
@Timeout(60)
abstract class ZooKeeperGuardContractTest extends TakeoverGuardContract {
  private static final AtomicInteger SOURCES = new AtomicInteger();
  private static Quorum quorum;

  private final String sourceId = "contract" + SOURCES.incrementAndGet();
  private final List<ZooKeeperGuard> guards = new ArrayList<>();
  private final LiveHolder liveHolder;

  ZooKeeperGuardContractTest(LiveHolder liveHolder) {
    this.liveHolder = liveHolder;
  }

  static class RevokingTest extends ZooKeeperGuardContractTest {
    RevokingTest() {
      super(LiveHolder.REVOKE);
    }
  }

  static class AwaitingTest extends ZooKeeperGuardContractTest {
    AwaitingTest() {
      super(LiveHolder.AWAIT);
    }

    /** Those who are declined wait for as long. */
    @Override
    protected Duration patience() {
      return Duration.ofSeconds(3);
    }
  }

  @BeforeAll
  static void startQuorum() throws Exception {
    quorum = Quorum.start();
  }

  @AfterAll
  static void stopQuorum() throws Exception {
    quorum.close();
  }

  @AfterEach
  void closeGuards() {
    guards.forEach(ZooKeeperGuard::close);
  }

  @Override
  protected TakeoverGuard newBackup() throws Exception {
    ZooKeeperGuard guard =
        ZooKeeperGuard.builder(quorum.connectString(), sourceId).liveHolder(liveHolder).open();
    guards.add(guard);
    assertTrue(guard.awaitConnected(Duration.ofSeconds(20)));
    return guard;
  }

  @Override
  protected void takeAway(Claim claim) throws Exception {
    String path = "/keepalive4j/" + sourceId;
    try (CuratorFramework client =
        CuratorFrameworkFactory.newClient(quorum.connectString(), new RetryOneTime(100))) {
      client.start();
      for (String node : client.getChildren().forPath(path)) {
        client.delete().quietly().forPath(path + "/" + node);
      }
    }
  }
}
