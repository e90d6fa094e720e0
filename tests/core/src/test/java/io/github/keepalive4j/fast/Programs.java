package io.github.keepalive4j.fast;

import io.github.keepalive4j.support.JavaCommand;
import io.github.keepalive4j.testkit.Lab;
import io.github.keepalive4j.testkit.ManagedProcess;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Starts both halves of a link in JVMs of their own and waits until they are ready. */
final class Programs {
  private static final Duration START_TIMEOUT = Duration.ofSeconds(30);

  private Programs() {}

  static ManagedProcess source(Lab lab, String... jvmArguments) throws Exception {
    return source(lab, Map.of(), jvmArguments);
  }

  static ManagedProcess source(Lab lab, Map<String, String> environment, String... jvmArguments)
      throws Exception {
    ProcessBuilder builder = java(jvmArguments, SourceProgram.class);
    builder.environment().putAll(environment);
    ManagedProcess source = lab.source().start(builder);
    source.awaitLine(SourceProgram.READY, START_TIMEOUT);
    return source;
  }

  static ManagedProcess backup(Lab lab, List<Integer> budgetsMs, String... jvmArguments)
      throws Exception {
    ManagedProcess backup = backup(lab, Map.of(), budgetsMs, jvmArguments);
    for (int budgetMs : budgetsMs) {
      awaitLine(backup, BackupProgram.UP, budgetMs);
    }
    return backup;
  }

  /** Starts the backup, whose budgets may be refused. */
  static ManagedProcess backup(
      Lab lab, Map<String, String> environment, List<Integer> budgetsMs, String... jvmArguments)
      throws Exception {
    List<String> arguments = new ArrayList<>();
    arguments.add(lab.source().ipv4().getHostAddress());
    budgetsMs.forEach(budgetMs -> arguments.add(budgetMs.toString()));
    ProcessBuilder builder =
        java(jvmArguments, BackupProgram.class, arguments.toArray(String[]::new));
    builder.environment().putAll(environment);
    return lab.backup().start(builder);
  }

  /** Waits until the backup tells this of a budget. */
  static String awaitLine(ManagedProcess backup, String event, int budgetMs) throws Exception {
    return backup.awaitLine("^" + event + " " + budgetMs + "\\b", START_TIMEOUT).text();
  }

  static ProcessBuilder java(String[] jvmArguments, Class<?> program, String... arguments) {
    List<String> options =
        new ArrayList<>(List.of("-Xmx64m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"));
    options.addAll(List.of(jvmArguments));
    return new ProcessBuilder(JavaCommand.of(options, program, arguments));
  }
}
