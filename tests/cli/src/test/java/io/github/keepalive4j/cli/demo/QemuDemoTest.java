package io.github.keepalive4j.cli.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.keepalive4j.cli.Keepalive;
import io.github.keepalive4j.support.Jdk;
import io.github.keepalive4j.support.Needs;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The demonstration of a machine's takeover. */
class QemuDemoTest {
  private static final Duration LIMIT = Duration.ofSeconds(60);
  private static final Pattern QMP = Pattern.compile("--qmp (\\S+)/backup\\.qmp");

  @TempDir Path empty;

  @Test
  void theGuestGoesOnCounting() throws Exception {
    try (Keepalive demo = start()) {
      assertEquals(0, demo.awaitEnd(), demo::output);
      for (String part :
          List.of(
              "the source's host is cut off",
              "failover: TIMED_OUT (ETIMEDOUT)",
              "takeover: query-status (paused), cont, query-status (running) within ",
              "the backup's keepalive exits with 0")) {
        assertTrue(demo.stdout().text().contains(part), () -> "no " + part + ": " + demo.output());
      }
      requireContinuedCount(demo.stdout().text());
      assertEquals("", demo.stderr().text());
      requireNothingLeft(demo);
    }
  }

  private static void requireContinuedCount(String timeline) {
    Matcher counts =
        Pattern.compile("guest goes on from (\\d+): (\\d+) to (\\d+)").matcher(timeline);
    assertTrue(counts.find(), timeline);
    long copied = Long.parseLong(counts.group(1));
    long first = Long.parseLong(counts.group(2));
    assertTrue(first > copied && first <= copied + 2, timeline);
  }

  @Test
  void nothingIsLeftWhenItIsStopped() throws Exception {
    try (Keepalive demo = start()) {
      assertTrue(
          demo.stdout().await(line -> QMP.matcher(line).find(), LIMIT).isPresent(), demo::output);
      demo.signal("TERM");
      assertEquals(128 + 15, demo.awaitEnd(), demo::output);
      requireNothingLeft(demo);
    }
  }

  private static Keepalive start() throws Exception {
    Needs.qemu();
    Needs.lab();
    return Keepalive.run("demo", "--qemu");
  }

  private static void requireNothingLeft(Keepalive demo) throws Exception {
    Matcher qmp = QMP.matcher(demo.stdout().text());
    assertTrue(qmp.find(), demo::output);
    String folder = qmp.group(1);
    assertFalse(Files.exists(Path.of(folder)), folder);
    assertEquals(
        List.of(),
        ProcessHandle.allProcesses()
            .filter(process -> process.info().commandLine().orElse("").contains(folder))
            .toList());
  }

  @Test
  void withoutQemuItSaysWhatToInstall() throws Exception {
    List<String> command = new ArrayList<>(List.of("env", "PATH=" + empty));
    command.addAll(Keepalive.command(Jdk.java(), List.of(), "demo", "--qemu"));
    try (Keepalive demo = Keepalive.start(command)) {
      assertEquals(1, demo.awaitEnd(), demo::output);
      assertTrue(demo.stdout().text().contains("apt-get install qemu-system-x86"), demo::output);
    }
  }
}
