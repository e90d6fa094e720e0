package io.github.keepalive4j.cli.guard;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.keepalive4j.cli.EventLine;
import io.github.keepalive4j.cli.Keepalive;
import io.github.keepalive4j.support.Eventually;
import io.github.keepalive4j.support.RequiresLab;
import io.github.keepalive4j.testkit.Fault;
import io.github.keepalive4j.testkit.Host;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apache.curator.framework.CuratorFramework;
import org.apache.curator.framework.CuratorFrameworkFactory;
import org.apache.curator.retry.RetryOneTime;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.io.TempDir;

/** A backup that took over with {@code --failsafe} loses the ensemble. */
@RequiresLab
class FailsafeWinnerTest {
  private static final long LEASE_AND_MORE_S = 5;

  @TempDir private static Path ensembleFolder;
  private static ClaimLab lab;

  @TempDir Path folder;
  private String id;
  private ClaimLab.Site site;
  private ActRecord acts;
  private Keepalive b; // takes over
  private ActRecord.Run first;
  private final List<Fault> faults = new ArrayList<>();

  @BeforeAll
  static void openLab() throws Exception {
    lab = new ClaimLab(ensembleFolder);
  }

  @AfterAll
  static void closeLab() throws Exception {
    lab.close();
  }

  @BeforeEach
  void takeOverAsB(TestInfo test) throws Exception {
    id = test.getTestMethod().orElseThrow().getName();
    site = lab.site(test, folder);
    acts = site.acts();
    Keepalive source = site.serve();
    b = watch("b");
    b.awaitEvent("armed");
    source.kill();
    first = acts.awaitRun(1);
  }

  @AfterEach
  void close() throws Exception {
    heal();
    site.close();
  }

  private void heal() {
    faults.forEach(Fault::close);
    faults.clear();
  }

  private Keepalive watch(String host) throws Exception {
    return site.watch(
        host, "--detect-within", "1s", "--rearm", "--failsafe", "--advertise", lab.address(host));
  }

  private void cutFromEnsemble(String name) throws Exception {
    for (Host server : lab.ensemble().hosts()) {
      faults.add(lab.host(name).drop(server));
    }
  }

  private void pauseEnsemble() throws Exception {
    for (int server = 0; server < lab.ensemble().hosts().size(); server++) {
      faults.add(lab.ensemble().pause(server));
    }
  }

  private void awaitArmed(Keepalive backup) throws Exception {
    Eventually.await(
        "armed against " + first,
        Duration.ofSeconds(60), // its JVM has just been started
        () -> backup.events("armed").stream().anyMatch(event -> isAgainstFirst(event)));
  }

  private boolean isAgainstFirst(EventLine event) {
    return !event.json().get("token").isNull() && event.number("token") == first.token();
  }

  /**
   * Waits until the holder has read that a backup is linked to it, and that the killed source's
   * session is over. It reads at each renewal.
   *
   * @param backups how many there are
   */
  private void awaitMember(int backups) throws Exception {
    String record = "/keepalive4j/" + id;
    onEnsemble(
        client -> {
          Eventually.await("a member", () -> !nodes(client, record, "member-").isEmpty());
          Eventually.await(
              "all backups", () -> nodes(client, record, "bystander-").size() == backups);
          String claim = record + "/" + nodes(client, record, "claim-").get(0);
          int before = client.checkExists().forPath(claim).getVersion();
          Eventually.await(
              "two renewals", () -> client.checkExists().forPath(claim).getVersion() > before + 1);
        });
  }

  private void awaitTheEndOfTheSession() throws Exception {
    String record = "/keepalive4j/" + id;
    onEnsemble(
        client ->
            Eventually.await(
                "the end of the session", () -> nodes(client, record, "claim-").isEmpty()));
  }

  private static List<String> nodes(CuratorFramework client, String record, String prefix)
      throws Exception {
    return client.getChildren().forPath(record).stream()
        .filter(node -> node.startsWith(prefix))
        .toList();
  }

  private interface Query {
    void ask(CuratorFramework client) throws Exception;
  }

  private static void onEnsemble(Query query) throws Exception {
    lab.host("zk1")
        .call(
            () -> {
              try (CuratorFramework client =
                  CuratorFrameworkFactory.newClient(
                      lab.ensemble().connectString(), new RetryOneTime(100))) {
                client.start();
                query.ask(client);
                return null;
              }
            });
  }

  @Test
  void itKeepsItsClaimWhileTheOtherHoldsBack() throws Exception {
    Keepalive c = watch("c");
    awaitArmed(c);
    awaitMember(2);

    cutFromEnsemble("b");
    assertTrue(b.awaitEvent("failsafe", 1).flag("on"));
    awaitTheEndOfTheSession();
    TimeUnit.SECONDS.sleep(2); // the other would take the claim after half of one
    heal();
    assertFalse(b.awaitEvent("failsafe", 2).flag("on"));

    pauseEnsemble();
    assertTrue(b.awaitEvent("failsafe", 3).flag("on"));
    TimeUnit.SECONDS.sleep(LEASE_AND_MORE_S);
    heal();
    assertFalse(b.awaitEvent("failsafe", 4).flag("on"));

    assertEquals(List.of(), b.events("claim-lost"));
    assertEquals(List.of(), c.events("granted"));
    assertTrue(first.isAlive());
    b.signal("TERM");
    ActRecord.Run second = acts.awaitRun(2);
    assertEquals("c", second.name());
    assertTrue(second.token() > first.token());
    acts.requireOneAtATime();
  }

  /** The third has no link yet, and is on the ensemble's side. */
  @Test
  void itStopsBeforeOneThatItCouldNotAsk() throws Exception {
    faults.add(lab.host("b").drop(lab.host("c")));
    final Keepalive c = watch("c");
    assertEquals(first.token(), c.awaitEvent("held").number("token"));
    awaitArmed(site.watch("a", "--detect-within", "1s", "--rearm"));
    awaitMember(3);
    b.awaitError("/" + c.pid());

    cutFromEnsemble("a");
    cutFromEnsemble("b");
    b.awaitEvent("claim-lost");
    ActRecord.Run second = acts.awaitRun(2);
    assertEquals("c", second.name());
    assertEquals(List.of(), b.events("failsafe"));
    acts.requireOneAtATime();
  }
}
