package io.github.keepalive4j.zookeeper;

import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.keepalive4j.Claim;
import io.github.keepalive4j.TakeoverGuard;
import io.github.keepalive4j.support.Eventually;
import io.github.keepalive4j.testkit.event.ClaimRequests;
import io.github.keepalive4j.testkit.event.Failures;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** An ensemble that lost all its data counts from the start again; the tokens don't. */
@Timeout(60)
class RebuiltEnsembleTest {
  private static final Duration AMPLE = Duration.ofSeconds(20);

  private static Quorum quorum;

  @TempDir private Path directory;
  private final List<ZooKeeperGuard> guards = new ArrayList<>();
  private final BlockingQueue<Arming> heard = new LinkedBlockingQueue<>();

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
    guards.clear();
  }

  private ZooKeeperGuard open(ZooKeeperGuard.Builder builder) throws Exception {
    ZooKeeperGuard guard = builder.open();
    guards.add(guard);
    assertTrue(guard.awaitConnected(AMPLE));
    return guard;
  }

  private static ZooKeeperGuard.Builder named(String name) {
    return ZooKeeperGuard.builder(quorum.connectString(), "vm1")
        .holder(name)
        .sessionTimeout(Duration.ofSeconds(3));
  }

  private ZooKeeperGuard.Builder backup(String name) {
    return named(name).armingListener(heard::add);
  }

  private Path floor(String name) {
    return directory.resolve(name + ".floor");
  }

  private static TakeoverGuard watch(ZooKeeperGuard guard) {
    TakeoverGuard armed = guard.arm();
    armed.connected();
    return armed;
  }

  private void awaitArming(Arming.State state, String text) throws InterruptedException {
    Arming arming = heard.poll(20, TimeUnit.SECONDS);
    while (arming != null && !(arming.state() == state && arming.text().contains(text))) {
      arming = heard.poll(20, TimeUnit.SECONDS);
    }
    assertNotNull(arming, "never " + state + ": " + text);
  }

  private static Claim takeOver(TakeoverGuard armed) throws Exception {
    InetAddress address = InetAddress.getByAddress(new byte[] {(byte) 192, 0, 2, 1});
    return begin(
        armed.claim(
            ClaimRequests.takeover(Failures.timedOut(new InetSocketAddress(address, 9999)).build())
                .build()));
  }

  private static Claim serve(ZooKeeperGuard guard) throws Exception {
    return begin(guard.claim(ClaimRequests.serving().build()));
  }

  private static Claim begin(Claim claim) {
    assertTrue(((ZooKeeperClaim) claim).announce());
    return claim;
  }

  private static long token(Claim claim) {
    return claim.token().orElseThrow();
  }

  private static void awaitFloor(Path file, long token) throws Exception {
    Eventually.await(
        file + " has " + token,
        () -> Files.exists(file) && Files.readString(file).equals(token + "\n"));
  }

  @Test
  void anArmedBackupArmsAnewAndItsTokenIsGreater() throws Exception {
    long served = token(serve(open(named("source"))));
    TakeoverGuard armed = watch(open(backup("backup")));
    awaitArming(Arming.State.ARMED, "may replace source");
    quorum.rebuildEmpty();
    awaitArming(Arming.State.NOT_ARMED, "the ensemble can't be reached");
    awaitArming(Arming.State.ARMED, "nobody has claimed");
    long taken = token(takeOver(armed));
    assertTrue(taken > served, taken + " after " + served);
  }

  @Test
  void aBackupIsArmedAgainstTheSourceThatServesAgain() throws Exception {
    ZooKeeperGuard source = open(named("source"));
    long served = token(serve(source));
    ZooKeeperGuard backup = open(backup("backup"));
    TakeoverGuard armed = watch(backup);
    awaitArming(Arming.State.ARMED, "may replace source (token " + served);
    quorum.rebuildEmpty();
    awaitArming(Arming.State.NOT_ARMED, "");
    armed.disarm(); // the source has closed its links with its claim
    assertTrue(source.awaitConnected(AMPLE));
    assertTrue(source.awaitUnclaimed(AMPLE));
    long again = token(serve(source));
    assertTrue(again > served, again + " after " + served);
    TakeoverGuard next = watch(backup);
    awaitArming(Arming.State.ARMED, "may replace source (token " + again);
    assertTrue(token(takeOver(next)) > again);
  }

  @Test
  void noTokenIsSmallerAfterARestartOfAllWithTheirFloors() throws Exception {
    long served = token(serve(open(named("source").tokenFloor(floor("source")))));
    watch(open(backup("first").tokenFloor(floor("first"))));
    awaitArming(Arming.State.ARMED, "may replace source");
    awaitFloor(floor("source"), served);
    awaitFloor(floor("first"), served);
    closeGuards();
    quorum.rebuildEmpty();
    TakeoverGuard armed = watch(open(backup("first").tokenFloor(floor("first"))));
    awaitArming(Arming.State.ARMED, "nobody has claimed");
    long taken = token(takeOver(armed));
    assertTrue(taken > served, taken + " after " + served);
    awaitFloor(floor("first"), taken);
    closeGuards();
    // Whoever claims next takes the base over from the record, also without a file.
    long next = token(serve(open(named("new"))));
    assertTrue(next > taken, next + " after " + taken);
  }
}
