package io.github.keepalive4j.cli.command;

import io.github.keepalive4j.internal.process.ProcessTree;
import java.io.IOException;
import java.util.List;
import java.util.Map;

/** A command of the user's, which takes over or follows the claim. */
public final class UserCommand {
  /** Marks the command's processes, so that they can be found and stopped. */
  private static final String MARK = "KEEPALIVE4J_RUN";

  private final List<String> arguments;

  /**
   * Makes the command.
   *
   * @param command for {@code sh -c}
   * @param outputToStandardError keeps standard output for the events
   */
  public UserCommand(String command, boolean outputToStandardError) {
    arguments =
        outputToStandardError
            ? List.of("sh", "-c", "exec sh -c \"$0\" >&2", command)
            : List.of("sh", "-c", command);
  }

  /**
   * Starts a process that does nothing: the first one of a JVM takes 10 to 40 ms longer to start,
   * for the classes that it loads.
   */
  public static void warmUp() throws IOException, InterruptedException {
    ProcessBuilder nothing = new ProcessBuilder("sh", "-c", ":").inheritIO();
    int unused = ProcessTree.start(nothing, MARK).head().waitFor();
  }

  /** Starts the command with further variables in its environment. */
  public ProcessTree start(Map<String, String> environment) throws IOException {
    ProcessBuilder builder = new ProcessBuilder(arguments).inheritIO();
    builder.environment().putAll(environment);
    return ProcessTree.start(builder, MARK);
  }
}
