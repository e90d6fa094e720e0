package io.github.keepalive4j.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
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
  private static final Duration JUST_BEFORE_A_PROBE = Duration.ofMillis(800);

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

  /** The cut begins just before a probe is due, so the source last heard it a second before. */
  @Test
  void aBackupThatIsBackInTimeIsKept() throws Exception {
    try (Lab lab = Lab.open();
        KeepaliveServer server =
            lab.source().call(() -> builder().open(new InetSocketAddress(lab.source().ipv4(), 0)));
        Socket backup =
            lab.backup()
                .call(() -> new Socket(lab.source().ipv4(), server.localAddress().getPort()))) {
      Eventually.await("connected", () -> server.connections() == 1);
      long heardNs = System.nanoTime();
      TimeUnit.NANOSECONDS.sleep(heardNs + JUST_BEFORE_A_PROBE.toNanos() - System.nanoTime());
      try (Fault cut = lab.backup().drop()) {
        TimeUnit.NANOSECONDS.sleep(cut.startedNs() + PATIENCE.toNanos() - System.nanoTime());
      }
      assertNull(ends.poll(4, TimeUnit.SECONDS), "shed"); // the kernel's next probes
      assertEquals(1, server.connections());
      assertTrue(backup.isConnected());
    }
  }

  /** Keepalive is silent then: without a user timeout it would take the kernel 15 minutes. */
  @Test
  void aBackupThatDiedWithAnAnswerUnderWayIsShedAsSoon() throws Exception {
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
    assertTrue(took.compareTo(PATIENCE) >= 0, took::toString);
    assertTrue(took.compareTo(PATIENCE.plusSeconds(7)) < 0, took::toString);
  }
}
