package io.github.keepalive4j.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.keepalive4j.FailureCause;
import io.github.keepalive4j.KeepaliveServer;
import io.github.keepalive4j.ServerListener;
import io.github.keepalive4j.support.Eventually;
import io.github.keepalive4j.support.InLab;
import io.github.keepalive4j.testkit.Fault;
import io.github.keepalive4j.testkit.Lab;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** The source's side of a cut. */
@InLab
class DeadBackupTest {
  private static final Duration PATIENCE = Duration.ofSeconds(3);

  /** How long before the cut the source may have heard the backup's last answer. */
  private static final Duration PROBED_BEFORE = Duration.ofMillis(1_300);

  private final BlockingQueue<FailureCause> ends = new LinkedBlockingQueue<>();

  private KeepaliveServer.Builder builder() {
    return KeepaliveServer.builder()
        .shedAfter(PATIENCE)
        .listener(
            new ServerListener() {
              @Override
              public void onDisconnected(BackupUpdate update) {
                ends.add(update.cause().orElseThrow());
              }
            });
  }

  @Test
  void aBackupThatDiedIsShed() throws Exception {
    try (Lab lab = Lab.open();
        KeepaliveServer server =
            lab.source().call(() -> builder().open(new InetSocketAddress(lab.source().ipv4(), 0)));
        Socket backup =
            lab.backup()
                .call(() -> new Socket(lab.source().ipv4(), server.localAddress().getPort()))) {
      Eventually.await("connected", () -> server.connections() == 1);
      Fault cut = lab.backup().drop();
      assertShed(cut);
      assertEquals(0, server.connections());
      cut.close();
      assertTrue(backup.isConnected());
    }
  }

  /** Keepalive is silent then: without a user timeout it would take the kernel 15 minutes. */
  @Test
  void oneThatDiedWithAnAnswerUnderWayIsShedAsSoon() throws Exception {
    try (Lab lab = Lab.open();
        KeepaliveServer server =
            lab.source().call(() -> builder().open(new InetSocketAddress(lab.source().ipv4(), 0)));
        Socket backup =
            lab.backup()
                .call(() -> new Socket(lab.source().ipv4(), server.localAddress().getPort()));
        Fault cut = lab.backup().dropIncoming()) {
      backup.getOutputStream().write('Q');
      assertShed(cut);
      assertEquals(0, server.connections());
    }
  }

  private void assertShed(Fault cut) throws Exception {
    assertEquals(FailureCause.TIMED_OUT, ends.poll(20, TimeUnit.SECONDS));
    Duration took = Duration.ofNanos(System.nanoTime() - cut.startedNs());
    assertTrue(took.compareTo(PATIENCE.minus(PROBED_BEFORE)) >= 0, took::toString);
    assertTrue(took.compareTo(PATIENCE.plusSeconds(3)) < 0, took::toString);
  }
}
