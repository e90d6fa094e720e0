package io.github.keepalive4j.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.keepalive4j.FailureCause;
import io.github.keepalive4j.KeepaliveOptions;
import io.github.keepalive4j.KeepaliveServer;
import io.github.keepalive4j.ServerListener;
import io.github.keepalive4j.support.Eventually;
import io.github.keepalive4j.support.InLab;
import io.github.keepalive4j.testkit.Fault;
import io.github.keepalive4j.testkit.Lab;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** The source's side of a cut. */
@InLab
class DeadBackupTest {
  private final BlockingQueue<FailureCause> ends = new LinkedBlockingQueue<>();

  private KeepaliveServer.Builder builder() {
    return KeepaliveServer.builder()
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
    KeepaliveServer.Builder builder =
        builder().options(KeepaliveOptions.builder().count(1).build());
    try (Lab lab = Lab.open();
        KeepaliveServer server =
            lab.source().call(() -> builder.open(new InetSocketAddress(lab.source().ipv4(), 0)));
        Socket backup =
            lab.backup()
                .call(() -> new Socket(lab.source().ipv4(), server.localAddress().getPort()))) {
      Eventually.await("connected", () -> server.connections() == 1);
      Fault cut = lab.backup().drop();
      assertEquals(FailureCause.TIMED_OUT, ends.poll(10, TimeUnit.SECONDS));
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
      assertEquals(FailureCause.TIMED_OUT, ends.poll(20, TimeUnit.SECONDS));
      assertEquals(0, server.connections(), cut::toString);
    }
  }
}
