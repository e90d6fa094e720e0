package io.github.keepalive4j.monitor;

import static io.github.keepalive4j.support.Waiting.endOf;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.keepalive4j.Failover;
import io.github.keepalive4j.FailoverPolicy;
import io.github.keepalive4j.FailureCause;
import io.github.keepalive4j.KeepaliveMonitor;
import io.github.keepalive4j.KeepaliveOptions;
import io.github.keepalive4j.KeepaliveSocket;
import io.github.keepalive4j.Watch;
import io.github.keepalive4j.Watch.End.Kind;
import io.github.keepalive4j.Watch.LinkState;
import io.github.keepalive4j.fast.Testbed;
import io.github.keepalive4j.support.Eventually;
import io.github.keepalive4j.support.InLab;
import io.github.keepalive4j.support.LogRecords;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A link that this host itself has ended, as {@code ss -K} does, says nothing of its source. */
@InLab
class AbortedTest {
  private static final int SECOND_PORT = 7777;

  private final List<Failover> failovers = new CopyOnWriteArrayList<>();
  private Testbed lab;

  @BeforeEach
  void open() throws Exception {
    lab = Testbed.open();
  }

  @AfterEach
  void close() throws Exception {
    lab.close();
  }

  @Test
  void anAbortedLinkIsNotTakenOverAndIsLoggedWhereNobodyListens() throws Exception {
    try (LogRecords log = LogRecords.of(KeepaliveMonitor.class)) {
      KeepaliveSocket link = lab.connect(KeepaliveOptions.defaults());
      Watch watch = lab.monitor().watch(link, failovers::add);
      String warning = "no takeover from " + link + ": ABORTED"; // while it is open
      assertEquals(1, lab.backup().killSockets(link.peer()));
      Watch.End end = endOf(watch);
      assertEquals(Kind.ABORTED, end.kind());
      assertEquals(FailureCause.ABORTED, end.failures().get(0).cause());
      assertEquals(Map.of(link, LinkState.ABORTED), watch.linkStates());
      Eventually.await(
          warning, () -> log.messages().stream().anyMatch(line -> line.startsWith(warning)));
      MonitorTest.awaitClosed(link);
      assertEquals(List.of(), failovers);
    }
  }

  @Test
  void anAbortedLinkIsTakenOverIfThatIsAskedFor() throws Exception {
    try (KeepaliveMonitor monitor = KeepaliveMonitor.builder().failoverWhenAborted(true).open()) {
      KeepaliveSocket link = lab.connect(KeepaliveOptions.defaults());
      Watch watch = monitor.watch(link, failovers::add);
      lab.backup().killSockets(link.peer());
      assertEquals(Kind.TAKEN_OVER, endOf(watch).kind());
      assertEquals(FailureCause.ABORTED, failovers.get(0).failure().cause());
    }
  }

  @Test
  void anAbortedLinkDoesNotCountInAGroup() throws Exception {
    KeepaliveSocket aborted = lab.connect(KeepaliveOptions.defaults());
    try (ServerSocket second = lab.source().call(() -> new ServerSocket(SECOND_PORT));
        KeepaliveSocket other = connectToSecondPort()) {
      Watch watch =
          lab.monitor()
              .watchAll(List.of(aborted, other), FailoverPolicy.atLeast(1), failovers::add);
      lab.backup().killSockets(aborted.peer());
      MonitorTest.awaitClosed(aborted);
      assertEquals(LinkState.ABORTED, watch.linkStates().get(aborted));
      assertFalse(watch.ended().toCompletableFuture().isDone());
      second.accept().close();
      assertEquals(Kind.TAKEN_OVER, endOf(watch).kind());
      assertEquals(other, failovers.get(0).failure().link());
      assertEquals(1, failovers.get(0).failures().size());
    }
  }

  @Test
  void aGroupThatNeedsAllIsNotTakenOverAfterAnAbort() throws Exception {
    KeepaliveSocket aborted = lab.connect(KeepaliveOptions.defaults());
    try (KeepaliveSocket other = lab.connect(KeepaliveOptions.defaults())) {
      Watch watch =
          lab.monitor().watchAll(List.of(aborted, other), FailoverPolicy.all(), failovers::add);
      InetSocketAddress local = aborted.localAddress();
      lab.backup().run("ss", "-K", "sport", "=", ":" + local.getPort());
      assertEquals(Kind.UNSATISFIABLE, endOf(watch).kind());
      assertTrue(other.isOpen());
    }
  }

  @Test
  void anAbortedReplacementIsNoFailure() throws Exception {
    KeepaliveSocket old = lab.connect(KeepaliveOptions.defaults());
    KeepaliveSocket fresh = lab.connect(KeepaliveOptions.defaults());
    Watch watch = lab.monitor().watchAll(List.of(old), FailoverPolicy.all(), failovers::add);
    lab.backup().run("ss", "-K", "sport", "=", ":" + fresh.localAddress().getPort());
    watch.replace(old, fresh);
    assertEquals(Kind.ABORTED, endOf(watch).kind());
    assertEquals(List.of(), failovers);
    old.close();
  }

  private KeepaliveSocket connectToSecondPort() throws Exception {
    InetSocketAddress address = new InetSocketAddress(lab.source().ipv4(), SECOND_PORT);
    return lab.backup().call(() -> KeepaliveSocket.connect(address, KeepaliveOptions.defaults()));
  }
}
