package io.github.keepalive4j.fast;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.keepalive4j.FailureCause;
import io.github.keepalive4j.KeepaliveMonitor;
import io.github.keepalive4j.KeepaliveOptions;
import io.github.keepalive4j.KeepaliveSocket;
import io.github.keepalive4j.Liveness;
import io.github.keepalive4j.support.Background;
import io.github.keepalive4j.support.ChildJvm;
import io.github.keepalive4j.support.Eventually;
import io.github.keepalive4j.support.FreezableDisk;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A source that is killed while its write to a disk hangs: it can't end, and keeps its links. */
@Timeout(60)
class HungWriteTest {
  private static final Duration BUDGET = Duration.ofMillis(500);

  private FreezableDisk disk;
  private ChildJvm source;
  private KeepaliveMonitor monitor;

  @BeforeEach
  void open() throws Exception {
    disk = FreezableDisk.open();
    String file = "-D" + WritingSourceProgram.FILE + "=" + disk.resolve("file");
    source = ChildJvm.start(WritingSourceProgram.class, file);
    monitor = KeepaliveMonitor.open();
  }

  @AfterEach
  void close() throws Exception {
    monitor.close();
    source.close();
    disk.close();
  }

  @Test
  void onlyABackupThatWatchesTheProcessSeesItsEnd() throws Exception {
    String pid = source.readLine();
    int port = Integer.parseInt(source.readLine());
    WatchedLink host = watch(port, Liveness.HOST);
    WatchedLink process = watch(port, Liveness.PROCESS);
    disk.freeze();
    source.say("");
    Eventually.await("a write that hangs", () -> isWaitingForDisk(pid));
    Background<?> killed = Background.start(Executors.callable(source::kill));
    assertEquals(FailureCause.HUNG, process.awaitFailure().cause());
    host.assertNoFailoverFor(BUDGET);
    disk.thaw();
    killed.get();
    assertEquals(FailureCause.RESET, host.awaitFailure().cause());
  }

  private WatchedLink watch(int port, Liveness liveness) throws Exception {
    InetSocketAddress address = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
    KeepaliveOptions options = KeepaliveOptions.detectWithin(BUDGET, liveness);
    return WatchedLink.watch(monitor, KeepaliveSocket.connect(address, options));
  }

  /** Tells whether a thread of the process is in the kernel's uninterruptible sleep. */
  private static boolean isWaitingForDisk(String pid) throws IOException {
    try (Stream<Path> threads = Files.list(Path.of("/proc", pid, "task"))) {
      List<Path> all = threads.toList();
      for (Path thread : all) {
        String stat = Files.readString(thread.resolve("stat"));
        if (stat.charAt(stat.lastIndexOf(')') + 2) == 'D') {
          return true;
        }
      }
    }
    return false;
  }
}
