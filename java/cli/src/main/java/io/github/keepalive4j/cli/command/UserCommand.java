package io.github.keepalive4j.cli.command;

import io.github.keepalive4j.Claim;
import io.github.keepalive4j.internal.process.Cgroup;
import io.github.keepalive4j.internal.process.ProcessTree;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

/** A command of the user's, which takes over or follows the claim. */
public final class UserCommand {
  /** Marks the command's processes, so that they can be found and stopped. */
  private static final String MARK = "KEEPALIVE4J_RUN";

  /** Moves into a group, if there is one, before the command starts. */
  private static final String START =
      "[ -z \"$1\" ] || echo 0 2>/dev/null >\"$1\"; exec sh -c \"$0\"";

  /** What the service manager says to this process alone: a daemon would answer in its place. */
  private static final Set<String> OF_THE_SERVICE =
      Set.of("NOTIFY_SOCKET", "WATCHDOG_PID", "WATCHDOG_USEC");

  private final String command;
  private final boolean outputToStandardError;

  /**
   * Makes the command.
   *
   * @param command for {@code sh -c}
   * @param outputToStandardError keeps standard output for the events
   */
  public UserCommand(String command, boolean outputToStandardError) {
    this.command = command;
    this.outputToStandardError = outputToStandardError;
  }

  /**
   * Starts a process that does nothing: the first one of a JVM takes 10 to 40 ms longer to start,
   * for the classes that it loads.
   */
  public static void warmUp() throws IOException, InterruptedException {
    int unused = new UserCommand(":", false).start(Map.of()).head().waitFor();
  }

  /**
   * Starts the command with further variables in its environment. It and what it starts run on
   * after this process.
   */
  public ProcessTree start(Map<String, String> environment) throws IOException {
    return start(environment, newMark(), null);
  }

  /**
   * Starts the command on a claim. It and what it starts end with this process, however that ends.
   * They also end with the claim's lease where this process doesn't end them then, for example
   * because it is stopped.
   *
   * @param grace how long they may take to end after SIGTERM
   */
  public RunningCommand startOn(Claim claim, Map<String, String> environment, Duration grace)
      throws IOException {
    String mark = newMark();
    Cgroup cgroup = Cgroup.make().orElse(null);
    Lease lease =
        Lease.keep(claim, () -> Supervisor.start(MARK + "=" + mark, cgroup, grace), grace);
    boolean started = false;
    try {
      ProcessTree tree = start(environment, mark, cgroup);
      lease.of(tree.head());
      started = true;
      return RunningCommand.on(lease, tree);
    } finally {
      if (!started) {
        lease.close();
      }
    }
  }

  private static String newMark() {
    return UUID.randomUUID().toString();
  }

  private ProcessTree start(Map<String, String> environment, String mark, Cgroup cgroup)
      throws IOException {
    String group = cgroup == null ? "" : cgroup.processes().toString();
    String script = outputToStandardError ? START + " >&2" : START;
    ProcessBuilder builder =
        new ProcessBuilder(List.of("sh", "-c", script, command, group)).inheritIO();
    builder.environment().keySet().removeAll(OF_THE_SERVICE);
    builder.environment().putAll(environment);
    return ProcessTree.start(builder, MARK, mark, cgroup);
  }
}
