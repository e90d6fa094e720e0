package io.github.keepalive4j.cli.systemd;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.keepalive4j.cli.Keepalive;
import io.github.keepalive4j.cli.guard.ClaimServer;
import io.github.keepalive4j.internal.AddressText;
import io.github.keepalive4j.support.FailingSource;
import io.github.keepalive4j.support.InstalledPrograms;
import io.github.keepalive4j.support.Needs;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What the command tells systemd. */
@Timeout(60)
class ServiceTest {
  @TempDir private Path folder;
  private Path socket;

  @BeforeEach
  void needLibrary() {
    if (!InstalledPrograms.contain("systemd-notify")) {
      Needs.lack("libsystemd.so.0 is missing: apt-get install systemd");
    }
    socket = folder.resolve("notify");
  }

  private Keepalive start(List<String> environment, String... arguments) throws IOException {
    List<String> command = new ArrayList<>(List.of("env"));
    command.addAll(environment);
    command.addAll(Keepalive.command(arguments));
    return Keepalive.start(command);
  }

  /** Watches a source, as told by the service manager, and lets it accept the link. */
  private Keepalive watch(List<String> environment, FailingSource source, String... options)
      throws IOException {
    List<String> all = new ArrayList<>(environment);
    all.add("NOTIFY_SOCKET=" + socket);
    List<String> arguments = new ArrayList<>(List.of("watch", AddressText.of(source.address())));
    arguments.addAll(List.of(options));
    Keepalive backup = start(all, arguments.toArray(String[]::new));
    source.accept();
    return backup;
  }

  @Test
  void aBackupIsReadyOnceItsLinkIsUp() throws Exception {
    Path seen = folder.resolve("seen");
    try (NotifySocket manager = new NotifySocket(socket);
        FailingSource source = new FailingSource();
        Keepalive backup = watch(List.of(), source, "--json", "--on-failover", "env > " + seen)) {
      manager.await("READY=1", 1);
      manager.await("STATUS=up 127.0.0.1:", 1);
      source.failAll();
      assertEquals(0, backup.awaitEnd(), backup::output);
      manager.await("STATUS=failover 127.0.0.1:", 1);
      manager.await("STOPPING=1", 1);
      assertEquals(1, manager.received().stream().filter("READY=1"::equals).count());
      assertFalse(manager.received().contains("WATCHDOG=1"));
      assertFalse(Files.readString(seen).contains("NOTIFY_SOCKET"));
    }
  }

  @Test
  void aBackupWithoutItsEnsembleIsNotReady() throws Exception {
    try (NotifySocket manager = new NotifySocket(socket);
        FailingSource source = new FailingSource();
        Keepalive backup =
            watch(List.of(), source, "--zookeeper", "127.0.0.1:1", "--source-id", "vm")) {
      manager.await("STATUS=up 127.0.0.1:", 1);
      manager.await("STATUS=not-armed 127.0.0.1:", 1);
      backup.signal("TERM");
      manager.await("STOPPING=1", 1);
      assertFalse(manager.received().contains("READY=1"));
    }
  }

  @Test
  void aBackupWithAClaimIsReadyOnceItIsArmed() throws Exception {
    try (ClaimServer ensemble = ClaimServer.start();
        NotifySocket manager = new NotifySocket(socket);
        FailingSource source = new FailingSource()) {
      String[] claim = ensemble.options("vm").toArray(String[]::new);
      try (Keepalive backup = watch(List.of(), source, claim)) {
        manager.await("STATUS=armed 127.0.0.1:", 1);
        manager.await("READY=1", 1);
        assertEquals("", backup.stdout().text());
      }
    }
  }

  @Test
  void aSourceIsReadyOnceItListens() throws Exception {
    try (NotifySocket manager = new NotifySocket(socket);
        Keepalive source =
            start(
                List.of("NOTIFY_SOCKET=" + socket),
                "serve",
                "--bind",
                "127.0.0.1",
                "--port",
                "0")) {
      manager.await("READY=1", 1);
      source.signal("TERM");
      manager.await("STOPPING=1", 1);
      assertEquals(128 + 15, source.awaitEnd(), source::output);
    }
  }

  @Test
  void aManagerThatHangsHoldsUpNoEvent() throws Exception {
    int connections = 300; // their events overflow the socket, which nobody reads
    try (NotifySocket manager = new NotifySocket(socket);
        Keepalive source =
            start(
                List.of("NOTIFY_SOCKET=" + socket),
                "serve",
                "--bind",
                "127.0.0.1",
                "--port",
                "0",
                "--json")) {
      String address = source.awaitEvent("listening").text("peer");
      int port = Integer.parseInt(address.substring(address.lastIndexOf(':') + 1));
      for (int i = 0; i < connections; i++) {
        new Socket(InetAddress.getLoopbackAddress(), port).close();
      }
      source.awaitEvent("connected", connections);
      source.signal("TERM");
      assertEquals(128 + 15, source.awaitEnd(), source::output);
      assertTrue(manager.received().contains("READY=1"));
    }
  }

  @Test
  void aBackupGivesSignsOfLife() throws Exception {
    try (NotifySocket manager = new NotifySocket(socket);
        FailingSource source = new FailingSource();
        Keepalive backup = watch(List.of("WATCHDOG_USEC=400000"), source, "--json")) {
      manager.await("WATCHDOG=1", 10);
      assertEquals("", backup.stderr().text());
    }
  }

  @Test
  void anotherProcessesWatchdogIsNoneOfItsOwn() throws Exception {
    try (NotifySocket manager = new NotifySocket(socket);
        FailingSource source = new FailingSource();
        Keepalive backup =
            watch(List.of("WATCHDOG_USEC=1000", "WATCHDOG_PID=1"), source, "--json")) {
      backup.awaitEvent("up");
      source.failAll();
      assertEquals(0, backup.awaitEnd(), backup::output);
      manager.await("STOPPING=1", 1);
      assertFalse(manager.received().contains("WATCHDOG=1"));
    }
  }

  @Test
  void linesToTheJournalHaveALevel() throws Exception {
    String withStream = "JOURNAL_STREAM=$(stat -L -c %d:%i /proc/self/fd/2); export JOURNAL_STREAM";
    List<String> command = new ArrayList<>(List.of("sh", "-c", withStream + "; exec \"$@\"", "sh"));
    command.addAll(Keepalive.command("watch", "127.0.0.1:1"));
    try (Keepalive backup = Keepalive.start(command)) {
      assertEquals(1, backup.awaitEnd());
      assertTrue(backup.stderr().text().startsWith("<3>"), backup::output);
    }
    List<String> elsewhere = List.of("JOURNAL_STREAM=1:2");
    try (Keepalive backup = start(elsewhere, "watch", "127.0.0.1:1")) {
      assertEquals(1, backup.awaitEnd());
      assertFalse(backup.stderr().text().startsWith("<"), backup::output);
    }
  }
}
