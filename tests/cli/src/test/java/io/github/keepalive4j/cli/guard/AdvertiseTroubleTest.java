package io.github.keepalive4j.cli.guard;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.keepalive4j.cli.Keepalive;
import io.github.keepalive4j.support.Eventually;
import io.github.keepalive4j.support.FailingSource;
import io.github.keepalive4j.support.UnusedAddress;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.io.TempDir;

/** What a backup advertises is wrong, or nobody is behind it any more. */
class AdvertiseTroubleTest {
  private static final Duration LIMIT = Duration.ofSeconds(20);

  @TempDir Path folder;
  private String id;
  private ActRecord acts;
  private final List<Keepalive> started = new ArrayList<>();

  @BeforeEach
  void nameTheSource(TestInfo test) {
    id = test.getTestMethod().orElseThrow().getName();
    acts = new ActRecord(folder);
  }

  @AfterEach
  void stopAll() throws Exception {
    started.forEach(Keepalive::close);
    acts.killAll();
  }

  private Keepalive watch(Guarded guarded, FailingSource source, String name, String address)
      throws Exception {
    Keepalive backup =
        guarded.watch(
            source, "--rearm", "--on-failover", acts.command(name), "--advertise", address);
    started.add(backup);
    backup.awaitEvent("armed");
    return backup;
  }

  private static void awaitUpTo(Keepalive backup, String address) throws Exception {
    Eventually.await(
        "a link to " + address,
        LIMIT,
        () -> backup.events("up").stream().anyMatch(event -> event.text("peer").equals(address)));
  }

  /** The kernel of a stopped process keeps its links. */
  @Test
  void aWinnerThatStopsIsReplacedAndWatchedNoMore() throws Exception {
    try (ClaimServer ensemble = ClaimServer.startImpatient();
        FailingSource source = new FailingSource()) {
      Guarded guarded = new Guarded(folder, ensemble.options(id));
      List<String> addresses =
          List.of(UnusedAddress.text(), UnusedAddress.text(), UnusedAddress.text());
      List<Keepalive> backups = new ArrayList<>();
      for (int i = 0; i < 3; i++) {
        backups.add(watch(guarded, source, "" + i, addresses.get(i)));
      }
      source.vanish();
      int first = Integer.parseInt(acts.awaitRun(1).name());
      for (int i = 0; i < 3; i++) {
        if (i != first) {
          awaitUpTo(backups.get(i), addresses.get(first));
        }
      }
      backups.get(first).signal("STOP");
      ActRecord.Run run = acts.awaitRun(2);
      int second = Integer.parseInt(run.name());
      assertEquals("CLAIM_ENDED", run.cause());
      awaitUpTo(backups.get(3 - first - second), addresses.get(second));
      acts.requireOneAtATime();
    }
  }

  @Test
  void aNameServerThatHangsDelaysNoStop() throws Exception {
    Path resolver =
        Files.writeString(
            folder.resolve("resolv.conf"), "nameserver 127.77.0.1\noptions timeout:30\n");
    List<String> inMountNamespace =
        List.of(
            "unshare",
            "-m",
            "sh",
            "-c",
            "mount --bind " + resolver + " /etc/resolv.conf && exec \"$@\"",
            "sh");
    try (DatagramSocket silent = new DatagramSocket(53, InetAddress.getByName("127.77.0.1"));
        ClaimServer ensemble = ClaimServer.start();
        FailingSource source = new FailingSource()) {
      assertTrue(silent.isBound());
      Guarded guarded = new Guarded(folder, ensemble.options(id), inMountNamespace);
      Keepalive backup = watch(guarded, source, "b", "b.example:9999");
      source.vanish();
      ActRecord.Run run = acts.awaitRun(1);
      long startNs = System.nanoTime();
      backup.signal("TERM");
      Eventually.await("the command's end", LIMIT, () -> !run.isAlive());
      assertEquals(128 + 15, backup.awaitEnd(), backup::output);
      Duration took = Duration.ofNanos(System.nanoTime() - startNs);
      assertTrue(took.toSeconds() < 5, () -> "the end took " + took + backup.output());
    }
  }
}
