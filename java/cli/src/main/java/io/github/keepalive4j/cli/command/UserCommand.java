package io.github.keepalive4j.cli.command;

import io.github.keepalive4j.Claim;
import io.github.keepalive4j.internal.process.ProcessTree;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;

/**
 * A command of the user's, which takes over or follows the claim. Its process can be started in
 * advance, so that a failover doesn't wait for that. Thread-safe.
 */
public final class UserCommand implements AutoCloseable {
  /** The variable by which the line of {@link #START_WHEN_TOLD} spells a newline. */
  static final String NEWLINE = "KEEPALIVE4J_NEWLINE";

  /** Moves into a group, if there is one, before the command starts. */
  private static final String START =
      "[ -z \"$1\" ] || echo 0 2>/dev/null >\"$1\"; exec sh -c \"$0\"";

  /**
   * Likewise, then waits for a line that sets the environment. The command finds no trace of that,
   * and no arguments. The line begins with the mark of this very process. The path may lead to
   * another file by now. SIGHUP, which may go to all processes of a service, ends the command
   * alone.
   */
  private static final String START_WHEN_TOLD =
      """
      [ -z "$2" ] || echo 0 2>/dev/null >"$2"
      trap '' HUP
      { exec 3<"$3"; } 2>/dev/null || exit
      read -r KEEPALIVE4J_TO KEEPALIVE4J_ENVIRONMENT <&3 || exit
      exec 3<&-
      [ "$KEEPALIVE4J_TO" = "$KEEPALIVE4J_RUN" ] || exit
      trap - HUP
      KEEPALIVE4J_NEWLINE='
      '
      eval "$KEEPALIVE4J_ENVIRONMENT"
      unset KEEPALIVE4J_TO KEEPALIVE4J_ENVIRONMENT KEEPALIVE4J_NEWLINE
      eval "set --
      $1"
      """;

  /** What the service manager says to this process alone: a daemon would answer in its place. */
  private static final Set<String> OF_THE_SERVICE =
      Set.of("NOTIFY_SOCKET", "WATCHDOG_PID", "WATCHDOG_USEC");

  private final String command;
  private final boolean outputToStandardError;
  private final AtomicReference<ArmedCommand> armed = new AtomicReference<>(); // null for none
  private volatile boolean closed;

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
   * Starts the process that becomes the command at the next start, unless one waits already. Where
   * it can't be started now, the next start makes its own.
   *
   * @param onClaim whether the next start is one on a claim
   * @param grace as of {@link #startOn}
   */
  public void arm(boolean onClaim, Duration grace) {
    ArmedCommand before = armed.get();
    if (before != null && before.isAlive()) {
      return;
    }
    try {
      ArmedCommand fresh =
          onClaim
              ? ArmedCommand.armForClaim(this::startWhenTold, grace)
              : ArmedCommand.arm(this::startWhenTold);
      if (armed.compareAndSet(before, fresh)) {
        close(before);
      } else {
        fresh.close(); // another thread was faster
      }
      if (closed) {
        close(); // meanwhile
      }
    } catch (IOException | OutOfMemoryError e) {
      // no process, descriptor or thread is to be had: there may be at the failover
    }
  }

  /**
   * Starts the command with further variables in its environment. It and what it starts run on
   * after this process.
   */
  public ProcessTree start(Map<String, String> environment) throws IOException {
    ArmedCommand waiting = take(false);
    if (waiting != null) {
      try {
        return waiting.release(environment);
      } catch (IOException | OutOfMemoryError e) {
        closeSoon(waiting);
      }
    }
    return start(environment, Confines.none());
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
    ArmedCommand waiting = take(true);
    if (waiting != null) {
      try {
        return waiting.releaseOn(claim, environment, grace);
      } catch (IOException | OutOfMemoryError e) { // such as no thread
        closeSoon(waiting);
      }
    }
    Confines confines = Confines.make();
    boolean started = false;
    try {
      RunningCommand running = startOn(claim, environment, grace, confines);
      started = true;
      return running;
    } finally {
      if (!started) {
        confines.remove(); // no supervisor may have come to it
      }
    }
  }

  private RunningCommand startOn(
      Claim claim, Map<String, String> environment, Duration grace, Confines confines)
      throws IOException {
    Lease.Starter supervisors = () -> Supervisor.start(confines, grace);
    Lease lease = Lease.keep(claim, supervisors.start(), supervisors, grace);
    boolean started = false;
    try {
      ProcessTree tree = start(environment, confines);
      lease.of(tree.head());
      started = true;
      return RunningCommand.on(lease, tree);
    } finally {
      if (!started) {
        lease.close();
      }
    }
  }

  /** Returns the process that waits for such a start, or null. */
  private ArmedCommand take(boolean forClaim) {
    ArmedCommand waiting = armed.getAndSet(null);
    if (waiting == null || (waiting.isForClaim() == forClaim && waiting.isAlive())) {
      return waiting;
    }
    closeSoon(waiting);
    return null;
  }

  private ProcessTree start(Map<String, String> environment, Confines confines) throws IOException {
    ProcessBuilder builder =
        builder(List.of("sh", "-c", redirected(START), command, confines.entrance()));
    builder.environment().putAll(environment);
    return ProcessTree.start(builder, Confines.VARIABLE, confines.mark(), confines.cgroup());
  }

  ProcessTree startWhenTold(Confines confines, String releasePath) throws IOException {
    String script = outputToStandardError ? "exec >&2\n" + START_WHEN_TOLD : START_WHEN_TOLD;
    ProcessBuilder builder =
        builder(List.of("sh", "-c", script, "sh", command, confines.entrance(), releasePath));
    return ProcessTree.start(builder, Confines.VARIABLE, confines.mark(), confines.cgroup());
  }

  private String redirected(String script) {
    return outputToStandardError ? script + " >&2" : script;
  }

  private static ProcessBuilder builder(List<String> arguments) {
    ProcessBuilder builder = new ProcessBuilder(arguments).inheritIO();
    builder.environment().keySet().removeAll(OF_THE_SERVICE);
    return builder;
  }

  /** Ends the process that waits, if one does. None waits from now on. */
  @Override
  public void close() {
    closed = true;
    close(armed.getAndSet(null));
  }

  /** Arms on a thread of its own; whoever calls this may have a failover to tell of. */
  public void armSoon(boolean onClaim, Duration grace) {
    Thread thread = new Thread(() -> arm(onClaim, grace), "arm-command");
    thread.setDaemon(true);
    try {
      thread.start();
    } catch (OutOfMemoryError e) {
      // no thread, likewise
    }
  }

  private static void close(ArmedCommand waiting) {
    if (waiting != null) {
      waiting.close();
    }
  }

  /** A failover doesn't wait for it. */
  private static void closeSoon(ArmedCommand waiting) {
    Thread thread = new Thread(waiting::close, "disarm-command");
    thread.setDaemon(true);
    try {
      thread.start();
    } catch (OutOfMemoryError e) { // no thread
      waiting.close();
    }
  }
}
