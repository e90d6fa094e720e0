package io.github.keepalive4j.zookeeper;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.keepalive4j.Claim;
import io.github.keepalive4j.ClaimDeclinedException;
import io.github.keepalive4j.ClaimRequest;
import io.github.keepalive4j.Failure;
import io.github.keepalive4j.TakeoverGuard;
import io.github.keepalive4j.testkit.event.ClaimRequests;
import io.github.keepalive4j.testkit.event.Failures;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.apache.curator.framework.CuratorFramework;
import org.apache.curator.framework.CuratorFrameworkFactory;
import org.apache.curator.retry.RetryOneTime;
import org.apache.curator.test.InstanceSpec;
import org.apache.curator.test.TestingServer;
import org.apache.zookeeper.ZooDefs.Perms;
import org.apache.zookeeper.data.ACL;
import org.apache.zookeeper.data.Id;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.Timeout;

/** When a backup could take over, and what it hears where it couldn't. */
@Timeout(60)
class ArmingTest {
  private static final InstanceSpec SPEC = new InstanceSpec(null, -1, -1, -1, true, -1, 300, -1);
  private static TestingServer server;
  private static CuratorFramework client;

  private final List<ZooKeeperGuard> guards = new ArrayList<>();
  private final BlockingQueue<Arming> heard = new LinkedBlockingQueue<>();
  private String id;
  private String record;

  @BeforeAll
  static void startServer() throws Exception {
    server = new TestingServer(SPEC, true);
    client = CuratorFrameworkFactory.newClient(server.getConnectString(), new RetryOneTime(100));
    client.start();
  }

  @AfterAll
  static void stopServer() throws Exception {
    client.close();
    server.close();
    ServerConfigurations.delete(SPEC);
  }

  @BeforeEach
  void nameTheSource(TestInfo test) {
    id = test.getTestMethod().orElseThrow().getName();
    record = "/keepalive4j/" + id;
  }

  @AfterEach
  void closeGuards() {
    guards.forEach(ZooKeeperGuard::close);
  }

  private ZooKeeperGuard guard(String name) throws Exception {
    return guard(name, server.getConnectString());
  }

  /** Opens a guard that would act without a claim if the ensemble were unavailable. */
  private ZooKeeperGuard guard(String name, String connectString) throws Exception {
    ZooKeeperGuard guard =
        ZooKeeperGuard.builder(connectString, id)
            .holder(name)
            .whenUnavailable(Unavailable.GRANT)
            .armingListener(heard::add)
            .open();
    guards.add(guard);
    assertTrue(guard.awaitConnected(Duration.ofSeconds(20)));
    return guard;
  }

  private static TakeoverGuard watch(ZooKeeperGuard guard) {
    TakeoverGuard armed = guard.arm();
    armed.connected();
    return armed;
  }

  private void expect(Arming.State state, String text) throws InterruptedException {
    Arming arming = heard.poll(20, TimeUnit.SECONDS);
    assertNotNull(arming, "nothing, instead of " + state);
    assertEquals(state, arming.state(), arming.text());
    assertTrue(arming.text().contains(text), arming.text());
  }

  private static Failure failure() throws Exception {
    InetAddress address = InetAddress.getByAddress(new byte[] {(byte) 192, 0, 2, 1});
    return Failures.timedOut(new InetSocketAddress(address, 9999)).build();
  }

  private static Claim takeOver(TakeoverGuard armed) throws Exception {
    return begin(armed.claim(ClaimRequests.takeover(failure()).build()));
  }

  private static Claim serve(ZooKeeperGuard guard) throws Exception {
    return begin(guard.claim(ClaimRequests.serving().build()));
  }

  private static Claim begin(Claim claim) {
    assertTrue(((ZooKeeperClaim) claim).announce());
    return claim;
  }

  private static void requireDeclined(TakeoverGuard armed, String reason) throws Exception {
    requireDeclined(armed, ClaimRequests.takeover(failure()).build(), reason);
  }

  private static void requireDeclined(TakeoverGuard armed, ClaimRequest request, String reason) {
    String heard =
        assertThrows(ClaimDeclinedException.class, () -> armed.claim(request)).getMessage();
    assertTrue(heard.contains(reason), heard);
  }

  @Test
  void aGuardTellsWhatItMayReplace() throws Exception {
    ZooKeeperGuard backup = guard("backup");
    assertEquals(Arming.State.IDLE, backup.arming().state());
    TakeoverGuard first = watch(backup);
    expect(Arming.State.ARMED, "nobody has claimed " + record + " yet");
    first.disarm();
    expect(Arming.State.IDLE, "");
    Claim served = serve(guard("source"));
    TakeoverGuard second = watch(backup);
    expect(Arming.State.ARMED, "may replace source (token ");
    assertEquals(served.token(), backup.arming().token());
    second.disarm();
  }

  @Test
  void aBackupIsNotArmedAgainstOneThatHasTakenOver() throws Exception {
    Claim taken = takeOver(watch(guard("first")));
    heard.clear();
    TakeoverGuard armed = watch(guard("second"));
    expect(Arming.State.NOT_ARMED, "held by the backup first (token ");
    requireDeclined(armed, "held by the backup first (token ");
    assertTrue(taken.isValid());
  }

  @Test
  void aBackupIsArmedAgainstOneThatHasTakenOverIfItsLinkGoesThere() throws Exception {
    ZooKeeperGuard first = guard("first");
    Claim taken = takeOver(watch(first));
    assertTrue(first.watchClaim(status -> {}).advertise("b:9999"));
    ZooKeeperGuard second = guard("second");
    ClaimWatch links = second.watchClaim(status -> {});
    links.linkTo("d:9999");
    heard.clear();
    TakeoverGuard elsewhere = watch(second);
    expect(Arming.State.NOT_ARMED, "held by the backup first");
    elsewhere.disarm();
    expect(Arming.State.IDLE, "");
    links.linkTo("b:9999");
    TakeoverGuard armed = watch(second);
    expect(Arming.State.ARMED, "may replace first");
    assertTrue(takeOver(armed).token().getAsLong() > taken.token().getAsLong());
  }

  @Test
  void aBackupIsArmedOnceTheOneThatHadTakenOverHasStopped() throws Exception {
    Claim taken = takeOver(watch(guard("first")));
    heard.clear();
    TakeoverGuard armed = watch(guard("second"));
    expect(Arming.State.NOT_ARMED, "held by the backup first");
    taken.release();
    expect(Arming.State.ARMED, "may replace first");
    assertTrue(takeOver(armed).token().getAsLong() > taken.token().getAsLong());
  }

  @Test
  void aBackupIsArmedAgainstOneThatServesAfterItsTakeover() throws Exception {
    ZooKeeperGuard first = guard("first");
    takeOver(watch(first));
    serve(first);
    heard.clear();
    watch(guard("second"));
    expect(Arming.State.ARMED, "may replace first");
  }

  @Test
  void aRecordThatIsReadAfterTheVerdictIsNotUsed() throws Exception {
    ClaimRequest request = ClaimRequests.takeover(failure()).build();
    requireDeclined(guard("late").arm(), request, "not read before the verdict");
  }

  @Test
  void aSourceThatStartsWhileTheLinkIsConnectedIsReplaced() throws Exception {
    TakeoverGuard armed = guard("backup").arm();
    Claim served = serve(guard("source"));
    armed.connected();
    expect(Arming.State.ARMED, "nobody has claimed");
    expect(Arming.State.ARMED, "may replace source");
    assertEquals(served.token(), takeOver(armed).supersedes());
  }

  @Test
  void aSourceThatStartsOnceTheLinkIsUpIsNotReplaced() throws Exception {
    ZooKeeperGuard old = guard("old");
    Claim served = serve(old);
    TakeoverGuard armed = watch(guard("backup"));
    expect(Arming.State.ARMED, "may replace old");
    served.release();
    Claim next = serve(guard("new"));
    expect(Arming.State.NOT_ARMED, "won by new (token ");
    requireDeclined(armed, "won by new (token ");
    assertTrue(next.isValid());
  }

  @Test
  void aMissingPathIsMade() throws Exception {
    TakeoverGuard armed = watch(guard("backup", server.getConnectString() + "/" + id + "/vms"));
    expect(Arming.State.ARMED, "nobody has claimed");
    takeOver(armed);
    assertNotNull(client.checkExists().forPath("/" + id + "/vms" + record));
  }

  @Test
  void aPathThatMayNotBeMadeIsARefusal() throws Exception {
    client.create().withACL(anyone(Perms.READ)).forPath("/" + id);
    TakeoverGuard armed = watch(guard("backup", server.getConnectString() + "/" + id + "/vms"));
    String reason = "the path /" + id + "/vms doesn't exist, and can't be made: ";
    expect(Arming.State.NOT_ARMED, reason);
    requireDeclined(armed, reason);
  }

  @Test
  void aRecordThatMayOnlyBeReadIsARefusalUntilItMayBeWritten() throws Exception {
    client.create().creatingParentsIfNeeded().forPath(record, new byte[0]);
    client.setACL().withACL(anyone(Perms.READ | Perms.ADMIN)).forPath(record);
    TakeoverGuard armed = watch(guard("backup"));
    expect(Arming.State.NOT_ARMED, "NoAuth for " + record);
    requireDeclined(armed, "NoAuth for " + record);
    TakeoverGuard next = watch(guard("next"));
    expect(Arming.State.NOT_ARMED, "NoAuth");
    client.setACL().withACL(anyone(Perms.ALL)).forPath(record);
    expect(Arming.State.ARMED, "nobody has claimed");
    takeOver(next);
  }

  @Test
  void aPermissionThatIsTakenFromAnArmedBackupIsTold() throws Exception {
    watch(guard("backup"));
    expect(Arming.State.ARMED, "nobody has claimed");
    client.setACL().withACL(anyone(Perms.READ | Perms.ADMIN)).forPath(record);
    expect(Arming.State.NOT_ARMED, "NoAuth for " + record);
    client.setACL().withACL(anyone(Perms.ALL)).forPath(record);
    expect(Arming.State.ARMED, "nobody has claimed");
  }

  private static List<ACL> anyone(int permissions) {
    return List.of(new ACL(permissions, new Id("world", "anyone")));
  }

  @Test
  void aMalformedRecordIsARefusalUntilItIsRepaired() throws Exception {
    client
        .create()
        .creatingParentsIfNeeded()
        .forPath(record, "source=vm1".getBytes(StandardCharsets.UTF_8));
    TakeoverGuard armed = watch(guard("backup"));
    expect(Arming.State.NOT_ARMED, "the record has no line with a claim");
    requireDeclined(armed, "the record has no line with a claim");
    requireDeclined(
        guard("source"), ClaimRequests.serving().build(), "the record has no line with a claim");
    TakeoverGuard next = watch(guard("next"));
    expect(Arming.State.NOT_ARMED, "no line");
    client.setData().forPath(record, new byte[0]);
    expect(Arming.State.ARMED, "nobody has claimed");
    takeOver(next);
  }

  @Test
  void aDeletedRecordIsToldAndTheBackupArmsAnew() throws Exception {
    Claim served = serve(guard("source"));
    served.release();
    TakeoverGuard armed = watch(guard("backup"));
    expect(Arming.State.ARMED, "may replace source");
    client.delete().deletingChildrenIfNeeded().forPath(record);
    expect(Arming.State.NOT_ARMED, "the record " + record + " was deleted");
    expect(Arming.State.ARMED, "nobody has claimed");
    assertTrue(takeOver(armed).token().getAsLong() > served.token().getAsLong());
  }

  @Test
  void aRecordThatWasMadeAnewIsNotReplacedForTheSameVersion() throws Exception {
    serve(guard("old"));
    TakeoverGuard armed = watch(guard("backup"));
    expect(Arming.State.ARMED, "may replace old");
    int version = client.checkExists().forPath(record).getVersion();
    armed.disarm(); // from here on it hears nothing, as if the ensemble's notification were late
    client.delete().deletingChildrenIfNeeded().forPath(record);
    serve(guard("new"));
    assertEquals(version, client.checkExists().forPath(record).getVersion());
    requireDeclined(armed, "the record " + record + " was deleted and made anew");
  }
}
