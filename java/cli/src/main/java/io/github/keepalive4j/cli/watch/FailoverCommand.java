package io.github.keepalive4j.cli.watch;

import io.github.keepalive4j.Failover;
import io.github.keepalive4j.internal.process.ProcessTree;
import java.io.IOException;
import java.util.List;

/** The user's command for a failover. */
final class FailoverCommand {
  /** Marks the command's processes, so that they can be found and stopped. */
  private static final String MARK = "KEEPALIVE4J_RUN";

  private final List<String> arguments;

  /**
   * Makes the command.
   *
   * @param command for {@code sh -c}
   * @param outputToStandardError keeps standard output for the events
   */
  FailoverCommand(String command, boolean outputToStandardError) {
    arguments =
        outputToStandardError
            ? List.of("sh", "-c", "exec sh -c \"$0\" >&2", command)
            : List.of("sh", "-c", command);
  }

  /**
   * Starts a process that does nothing: the first one of a JVM takes 10 to 40 ms longer to start,
   * for the classes that it loads.
   */
  static void warmUp() throws IOException, InterruptedException {
    ProcessBuilder nothing = new ProcessBuilder("sh", "-c", ":").inheritIO();
    int unused = ProcessTree.start(nothing, MARK).head().waitFor();
  }

  ProcessTree start(Failover failover) throws IOException {
    ProcessBuilder builder = new ProcessBuilder(arguments).inheritIO();
    builder.environment().putAll(failover.toEnvironment());
    return ProcessTree.start(builder, MARK);
  }
}
