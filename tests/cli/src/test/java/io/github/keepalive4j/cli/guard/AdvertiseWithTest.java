package io.github.keepalive4j.cli.guard;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.keepalive4j.cli.EventLine;
import io.github.keepalive4j.cli.Keepalive;
import io.github.keepalive4j.cli.Sources;
import io.github.keepalive4j.cli.qemu.QemuMachine;
import io.github.keepalive4j.support.FailingSource;
import io.github.keepalive4j.support.Needs;
import io.github.keepalive4j.support.UnusedAddress;
import io.github.keepalive4j.testkit.qemu.QemuProcess;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A backup that took over is watched in its turn, whatever it was told besides. */
@Timeout(120)
class AdvertiseWithTest {
  private static final String KEY = "open sesame";

  @TempDir Path folder;
  private String id;
  private String address;

  @BeforeEach
  void chooseAddress(TestInfo test) throws Exception {
    id = test.getTestMethod().orElseThrow().getName();
    address = UnusedAddress.text();
  }

  private static EventLine requireUpTo(String address, Keepalive backup) throws Exception {
    EventLine up = backup.awaitEvent("up");
    assertEquals(address, up.text("peer"), backup::output);
    return up;
  }

  @Test
  void aMachineThatTookOverIsWatched() throws Exception {
    try (ClaimServer ensemble = ClaimServer.start();
        FailingSource source = new FailingSource();
        QemuMachine machine = QemuMachine.start(folder, QemuProcess.Builder::paused)) {
      Guarded guarded = new Guarded(folder, ensemble.options(id));
      try (Keepalive winner =
          guarded.watch(source, "--qmp", machine.qmp(), "--advertise", address)) {
        winner.awaitEvent("connected");
        winner.awaitEvent("armed");
        source.failAll();
        winner.awaitEvent("listening");
        assertEquals("running", machine.status());
        try (Keepalive next =
            guarded.watch(UnusedAddress.text(), "--rearm", "--on-failover", "exec sleep 100")) {
          EventLine unused = requireUpTo(address, next);
          next.awaitEvent("armed");
        }
        winner.signal("TERM");
        machine.awaitStatus("paused");
      }
    }
  }

  @Test
  void aWinnerIsWatchedWithTheKey() throws Exception {
    String key = Files.writeString(folder.resolve("key"), KEY + "\n").toString();
    try (ClaimServer ensemble = ClaimServer.start()) {
      Guarded guarded = new Guarded(folder, ensemble.options(id));
      String[] trust = {"--md5-key-file", key};
      try (Keepalive serve = guarded.serve(trust)) {
        boolean isServing =
            serve
                .stdout()
                .await(line -> line.contains("listening"), Duration.ofSeconds(30))
                .isPresent();
        if (serve.output().contains("CONFIG_TCP_MD5SIG")) {
          Needs.lack("the kernel lacks TCP-MD5");
        }
        assertTrue(isServing, serve::output);
        try (Keepalive winner =
            guarded.watch(
                Sources.listening(serve).address(),
                "--md5-key-file",
                key,
                "--on-failover",
                "exec sleep 100",
                "--advertise",
                address)) {
          winner.awaitEvent("armed");
          serve.kill();
          winner.awaitEvent("listening");
          try (Keepalive next =
              guarded.watch(
                  UnusedAddress.text(),
                  "--rearm",
                  "--md5-key-file",
                  key,
                  "--on-failover",
                  "exit 0")) {
            EventLine up = requireUpTo(address, next);
            assertTrue(up.text("options").contains("md5Key=Md5Key[hidden]"), up.toString());
          }
        }
      }
    }
  }
}
