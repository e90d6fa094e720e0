package io.github.keepalive4j.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.keepalive4j.support.Eventually;
import io.github.keepalive4j.support.Needs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Real time of {@code serve} and {@code watch}, as the kernel sees it. */
class RealtimeTest {
  private static final String FIFO = "1"; // of sched(7)
  private static final String OTHER = "0";

  /** Returns the policy and priority of a line of proc_pid_stat(5). */
  private static List<String> scheduling(String stat) {
    String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1); // from the third on
    return List.of(fields[41 - 3], fields[40 - 3]);
  }

  /** Waits for a thread. Of its name the kernel has 15 characters. */
  private static void awaitThread(Keepalive command, String name, int priority) throws Exception {
    List<String> wanted = List.of(FIFO, Integer.toString(priority));
    Eventually.await(
        name + " at " + priority,
        () ->
            stats(command)
                .anyMatch(s -> s.contains("(" + name + ")") && scheduling(s).equals(wanted)));
  }

  private static Stream<String> stats(Keepalive command) throws IOException {
    try (Stream<Path> tasks = Files.list(Path.of("/proc/" + command.pid() + "/task"))) {
      return tasks.map(RealtimeTest::stat).toList().stream();
    }
  }

  private static String stat(Path task) {
    try {
      return Files.readString(task.resolve("stat"));
    } catch (IOException ended) {
      return "() " + "0 ".repeat(50);
    }
  }

  @Test
  void threadsAreRealtimeAndTheCommandIsNot() throws Exception {
    Needs.lab(); // with its privileges real time is granted
    Keepalive serve =
        Keepalive.run("serve", "--bind", "127.0.0.1", "--port", "0", "--json", "--realtime");
    try (serve;
        Sources.Listening source = Sources.listening(serve);
        Keepalive backup = watch(source)) {
      awaitThread(serve, "keepalive-serve", 10);
      awaitThread(serve, "ka-watchdog", 12);
      awaitThread(backup, "keepalive-monit", 30);
      awaitThread(backup, "ka-detector", 31);
      serve.kill();
      assertEquals(0, backup.awaitEnd(), backup::output);
      assertEquals(OTHER, scheduling(backup.awaitError("CMD ")).get(0));
    }
  }

  private static Keepalive watch(Sources.Listening source) throws Exception {
    String command = "read line < /proc/self/stat; echo \"CMD $line\"";
    Keepalive backup =
        Keepalive.run(
            "watch",
            source.address(),
            "--json",
            "--realtime",
            "30",
            "--detect-within",
            "500ms",
            "--on-failover",
            command);
    backup.awaitEvent("up");
    return backup;
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"serve --bind 127.0.0.1 --port 0 --realtime", "watch 127.0.0.1:1 --realtime"})
  void withoutThePrivilegeItEndsAndSaysWhatIsMissing(String arguments) throws Exception {
    Needs.lab();
    List<String> command = new ArrayList<>(List.of("setpriv", "--bounding-set", "-sys_nice"));
    command.addAll(Keepalive.command(arguments.split(" ", -1)));
    try (Keepalive refused = Keepalive.start(command)) {
      assertEquals(1, refused.awaitEnd(), refused::output);
      assertEquals(1, refused.stderr().all().size(), refused::output);
      String error = refused.stderr().text();
      assertTrue(error.contains("takes CAP_SYS_NICE, or RLIMIT_RTPRIO"), error);
      assertTrue(error.contains("of 12 or more"), error);
    }
  }
}
