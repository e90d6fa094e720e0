package io.github.keepalive4j.zookeeper;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.keepalive4j.TakeoverGuard;
import io.github.keepalive4j.support.FreezableDisk;
import java.io.File;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** An ensemble whose disks hang: it keeps its connections, but no takeover is possible. */
@Timeout(60)
class HungEnsembleTest {
  private final BlockingQueue<Arming> heard = new LinkedBlockingQueue<>();

  private void expect(Arming.State state) throws InterruptedException {
    Arming arming = heard.poll(30, TimeUnit.SECONDS);
    assertTrue(arming != null, "nothing, instead of " + state);
    assertEquals(state, arming.state(), arming.text());
  }

  private static File folder(Path path) {
    assertTrue(path.toFile().mkdir());
    return path.toFile();
  }

  @Test
  void aBackupIsArmedOnlyWhileTheDisksWrite() throws Exception {
    try (FreezableDisk disk = FreezableDisk.open();
        Quorum quorum = Quorum.start(server -> folder(disk.resolve("zk" + server)));
        ZooKeeperGuard guard =
            ZooKeeperGuard.builder(quorum.connectString(), "vm1")
                .sessionTimeout(Duration.ofSeconds(3))
                .armingListener(heard::add)
                .open()) {
      assertTrue(guard.awaitConnected(Duration.ofSeconds(20)));
      TakeoverGuard armed = guard.arm();
      armed.connected();
      expect(Arming.State.ARMED);
      disk.freeze();
      try {
        expect(Arming.State.NOT_ARMED);
      } finally {
        disk.thaw();
      }
      expect(Arming.State.ARMED);
      armed.disarm();
    }
  }
}
