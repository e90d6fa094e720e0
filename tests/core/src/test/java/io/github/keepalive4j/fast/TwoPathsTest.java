package io.github.keepalive4j.fast;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.keepalive4j.FailoverPolicy;
import io.github.keepalive4j.Failure;
import io.github.keepalive4j.FailureCause;
import io.github.keepalive4j.KeepaliveOptions;
import io.github.keepalive4j.KeepaliveSocket;
import io.github.keepalive4j.support.Eventually;
import io.github.keepalive4j.support.RequiresLab;
import io.github.keepalive4j.testkit.Fault;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/** Links over two cables to one source. */
@RequiresLab
class TwoPathsTest {
  private static final Duration BUDGET = Duration.ofMillis(100);
  private static final String SECOND_DEVICE = "eth1";
  private static final String SECOND_SOURCE = "198.19.0.1";
  private static final String SECOND_BACKUP = "198.19.0.2";

  private final BlockingQueue<List<Failure>> failovers = new LinkedBlockingQueue<>();
  private Testbed lab;
  private KeepaliveSocket first;
  private KeepaliveSocket second;

  @BeforeEach
  void open() throws Exception {
    lab = Testbed.open();
    addSecondCable();
    first = lab.connect(KeepaliveOptions.detectWithin(BUDGET));
    KeepaliveOptions overSecond =
        KeepaliveOptions.detectWithin(BUDGET).toBuilder().device(SECOND_DEVICE).build();
    InetSocketAddress address = new InetSocketAddress(SECOND_SOURCE, Testbed.PORT);
    second = lab.backup().call(() -> connectWarm(address, overSecond));
  }

  /** The kernel resolves a new neighbour in up to 1 s, which a first link takes for a slow path. */
  private static KeepaliveSocket connectWarm(InetSocketAddress address, KeepaliveOptions options)
      throws IOException {
    KeepaliveOptions unhurried =
        KeepaliveOptions.builder().device(options.device().orElseThrow()).build();
    KeepaliveSocket.connect(address, unhurried).close();
    return KeepaliveSocket.connect(address, options);
  }

  private void addSecondCable() throws Exception {
    String peer = "type veth peer name " + SECOND_DEVICE + " netns " + lab.backup().namespace();
    ip(true, "link add " + SECOND_DEVICE + " " + peer);
    ip(true, "address add " + SECOND_SOURCE + "/24 dev " + SECOND_DEVICE);
    ip(false, "address add " + SECOND_BACKUP + "/24 dev " + SECOND_DEVICE);
    ip(true, "link set " + SECOND_DEVICE + " up");
    ip(false, "link set " + SECOND_DEVICE + " up");
  }

  private void ip(boolean onSource, String arguments) throws Exception {
    List<String> command = new ArrayList<>(List.of("ip"));
    command.addAll(List.of(arguments.split(" ")));
    (onSource ? lab.source() : lab.backup()).run(command.toArray(String[]::new));
  }

  @AfterEach
  void close() throws Exception {
    first.close();
    second.close();
    lab.close();
  }

  @Test
  void allPathsMustHaveFailed() throws Exception {
    watchAll(FailoverPolicy.all());
    try (Fault cut = lab.source().drop()) {
      assertTrue(cut.effectiveNs() > 0);
      Eventually.await("failure of the first path", Testbed.LIMIT, () -> lab.monitor().size() == 1);
      assertFalse(tookOverWithin(BUDGET.multipliedBy(2)));
      cutSecond();
      List<Failure> failures = failovers.poll(10, TimeUnit.SECONDS);
      assertEquals(List.of(first, second), failures.stream().map(Failure::link).toList());
      assertEquals(
          List.of(FailureCause.TIMED_OUT, FailureCause.TIMED_OUT),
          failures.stream().map(Failure::cause).toList());
    }
  }

  @Test
  void aQuorumOfOneIsEnoughAndFailsOverOnce() throws Exception {
    watchAll(FailoverPolicy.atLeast(1));
    try (Fault cut = lab.source().drop()) {
      assertTrue(cut.effectiveNs() > 0);
      assertEquals(
          List.of(first),
          failovers.poll(10, TimeUnit.SECONDS).stream().map(Failure::link).toList());
      cutSecond();
      Eventually.await(
          "failure of the second path", Testbed.LIMIT, () -> lab.monitor().size() == 0);
      assertFalse(tookOverWithin(BUDGET));
    }
  }

  @Test
  void aSourceThatStandsDownOnBothPathsIsNotTakenOver() throws Exception {
    watchAll(FailoverPolicy.atLeast(1));
    lab.server().standDown();
    Eventually.await("farewell on both paths", Testbed.LIMIT, () -> lab.monitor().size() == 0);
    assertFalse(tookOverWithin(BUDGET));
  }

  @Test
  void aPolicyThatCannotBeMetIsRefused() {
    assertRefusal("failures 0 is not from 1", () -> FailoverPolicy.atLeast(0));
    assertRefusal(
        "failures 3 is not from 1 to the number of links, 2",
        () -> watchAll(FailoverPolicy.atLeast(3)));
    assertRefusal(
        "links are 0",
        () ->
            lab.monitor()
                .watchAll(
                    List.of(),
                    FailoverPolicy.all(),
                    failover -> failovers.add(failover.failures())));
    assertEquals(0, lab.monitor().size());
  }

  private static void assertRefusal(String message, Executable call) {
    String actual = assertThrows(IllegalArgumentException.class, call).getMessage();
    assertTrue(actual.contains(message), actual);
  }

  private void watchAll(FailoverPolicy policy) throws Exception {
    lab.monitor()
        .watchAll(List.of(first, second), policy, failover -> failovers.add(failover.failures()));
  }

  private boolean tookOverWithin(Duration duration) throws InterruptedException {
    return failovers.poll(duration.toNanos(), TimeUnit.NANOSECONDS) != null;
  }

  private void cutSecond() throws Exception {
    lab.source()
        .run(
            "nft",
            "table inet second { chain incoming { type filter hook prerouting priority -300; iifname "
                + SECOND_DEVICE
                + " drop; }; }");
  }
}
