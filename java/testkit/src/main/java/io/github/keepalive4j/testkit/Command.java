package io.github.keepalive4j.testkit;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;

/**
 * Runs the commands that make up a lab. They are short, and an interrupt does not stop them
 * halfway.
 */
final class Command {
  private static final Duration TIMEOUT = Duration.ofSeconds(30);

  private Command() {}

  /** Runs a command and returns its output. */
  static String run(String... command) throws IOException {
    return runWithInput("", command);
  }

  /** Runs ip(8) commands in a namespace, all in one process. */
  static void ipBatch(String namespace, List<String> commands) throws IOException {
    if (commands.isEmpty()) {
      return;
    }
    runWithInput(String.join("\n", commands) + "\n", "ip", "-n", namespace, "-batch", "-");
  }

  private static String runWithInput(String input, String... command) throws IOException {
    ManagedProcess process = ManagedProcess.start(new ProcessBuilder(command));
    try (OutputStream stdin = process.stdin()) {
      stdin.write(input.getBytes(StandardCharsets.UTF_8));
    } catch (IOException endedEarly) {
      // its exit status says why
    }
    return process.complete(TIMEOUT);
  }
}
