package io.github.keepalive4j.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.keepalive4j.support.Needs;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The calls of the original, in its order and with its values. */
class SystemCallsTest {
  private static final Pattern CALL =
      Pattern.compile("(?<call>setsockopt|connect)\\((?<fd>\\d+), (?<arguments>.*)");

  @TempDir Path folder;

  @Test
  void watchSetsTheFourOptionsAndConnects() throws Exception {
    Needs.program("strace");
    Path trace = folder.resolve("trace");
    List<String> traced =
        new ArrayList<>(
            List.of(
                "strace", "-f", "-o", trace.toString(), "-e", "trace=socket,setsockopt,connect"));
    try (Sources.Listening source = Sources.onLoopback()) {
      traced.addAll(Keepalive.command("watch", source.address(), "--json"));
      try (Keepalive backup = Keepalive.start(traced)) {
        backup.awaitEvent("up");
        source.process().kill();
        assertEquals(0, backup.awaitEnd(), backup::output);
      }
      requireCalls(Files.readAllLines(trace), source.port());
    }
  }

  /** The journal must survive a power failure. */
  @Test
  void theJournalIsOnTheDiskBeforeTheCommandRuns() throws Exception {
    Needs.program("strace");
    Path trace = folder.resolve("trace");
    Path journal = folder.resolve("journal");
    List<String> traced =
        new ArrayList<>(
            List.of(
                "strace",
                "-f",
                "-s",
                "1000",
                "-o",
                trace.toString(),
                "-e",
                "trace=write,fsync,execve"));
    try (Sources.Listening source = Sources.onLoopback()) {
      traced.addAll(
          Keepalive.command(
              "watch",
              source.address(),
              "--json",
              "--journal",
              journal.toString(),
              "--journal-timeout",
              "30s",
              "--on-failover",
              "exec /bin/echo took over"));
      try (Keepalive backup = Keepalive.start(traced)) {
        backup.awaitEvent("up");
        source.process().kill();
        assertEquals(0, backup.awaitEnd(), backup::output);
      }
    }
    List<String> calls = Files.readAllLines(trace);
    int written = indexOf(calls, "\\\"event\\\":\\\"callback-begin");
    int synced = written + indexOf(calls.subList(written, calls.size()), "fsync(");
    assertTrue(
        synced < indexOf(calls, "[\"/bin/echo\", \"took\", \"over\"]"),
        () -> String.join("\n", calls));
  }

  private static void requireCalls(List<String> trace, int port) {
    int connect = indexOf(trace, "htons(" + port + ")");
    Matcher connecting = CALL.matcher(trace.get(connect));
    assertTrue(connecting.find(), trace.get(connect));
    String fd = connecting.group("fd");
    int socket = connect;
    while (!trace.get(socket).matches(".*(socket\\(.*|socket resumed.*)\\) += " + fd)) {
      socket--;
    }
    List<String> set = new ArrayList<>();
    for (String line : trace.subList(socket + 1, connect)) {
      Matcher call = CALL.matcher(line);
      if (call.find() && call.group("fd").equals(fd)) {
        set.add(call.group("arguments").replaceAll("\\).*| <unfinished.*", ""));
      }
    }
    assertEquals(
        List.of(
            "SOL_SOCKET, SO_KEEPALIVE, [1], 4",
            "SOL_TCP, TCP_KEEPCNT, [5], 4",
            "SOL_TCP, TCP_KEEPIDLE, [1], 4",
            "SOL_TCP, TCP_KEEPINTVL, [1], 4"),
        set);
  }

  private static int indexOf(List<String> trace, String part) {
    for (int i = 0; i < trace.size(); i++) {
      if (trace.get(i).contains(part)) {
        return i;
      }
    }
    throw new AssertionError("no " + part + " in " + trace);
  }
}
