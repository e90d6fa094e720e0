package io.github.keepalive4j;

import io.github.keepalive4j.testkit.Host;
import io.github.keepalive4j.testkit.Lab;
import io.github.keepalive4j.testkit.ManagedProcess;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/** Starts both halves of a link in JVMs of their own and waits until they are ready. */
final class FastPrograms {
  private static final Duration START_TIMEOUT = Duration.ofSeconds(30);

  private FastPrograms() {}

  static ManagedProcess source(Lab lab, String... jvmArguments) throws Exception {
    ManagedProcess source = lab.source().start(java(jvmArguments, FastSourceProgram.class));
    source.awaitLine(FastSourceProgram.READY, START_TIMEOUT);
    return source;
  }

  static ManagedProcess backup(Lab lab, List<Integer> budgetsMs, String... jvmArguments)
      throws Exception {
    ManagedProcess backup = startBackup(lab.backup(), lab.source(), budgetsMs, jvmArguments);
    for (int budgetMs : budgetsMs) {
      backup.awaitLine("^" + FastBackupProgram.UP + " " + budgetMs + "$", START_TIMEOUT);
    }
    return backup;
  }

  private static ManagedProcess startBackup(
      Host backup, Host source, List<Integer> budgetsMs, String... jvmArguments) throws Exception {
    String[] arguments =
        IntStream.rangeClosed(0, budgetsMs.size())
            .mapToObj(
                i -> i == 0 ? source.ipv4().getHostAddress() : budgetsMs.get(i - 1).toString())
            .toArray(String[]::new);
    return backup.start(java(jvmArguments, FastBackupProgram.class, arguments));
  }

  static ProcessBuilder java(String[] jvmArguments, Class<?> program, String... arguments) {
    List<String> command = new ArrayList<>();
    command.add(System.getProperty("java.home") + "/bin/java");
    command.addAll(List.of("-Xmx64m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"));
    command.addAll(List.of(jvmArguments));
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), program.getName()));
    command.addAll(List.of(arguments));
    return new ProcessBuilder(command);
  }
}
