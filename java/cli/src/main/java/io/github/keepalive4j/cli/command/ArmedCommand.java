package io.github.keepalive4j.cli.command;

import com.sun.jna.LastErrorException;
import io.github.keepalive4j.Claim;
import io.github.keepalive4j.internal.process.ProcessTree;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * A command whose process waits for its environment: a write starts it. If this JVM ends before,
 * the process ends, too, and the command doesn't run.
 */
final class ArmedCommand implements AutoCloseable {
  /** The supervisor ends with this JVM, and gets the claim's lease when there is one. */
  private static final Duration UNTIL_RELEASED = Duration.ofDays(10_000);

  private static final Duration END_LIMIT = Duration.ofSeconds(5);

  private final ReleasePipe pipe;
  private final Confines confines;
  private final Supervisor supervisor; // null where the command outlives this JVM
  private final ProcessTree tree;
  private Lease lease; // null until there is a claim

  private ArmedCommand(
      ReleasePipe pipe, Confines confines, Supervisor supervisor, ProcessTree tree) {
    this.pipe = pipe;
    this.confines = confines;
    this.supervisor = supervisor;
    this.tree = tree;
  }

  interface Starter {
    ProcessTree start(Confines confines, String releasePath) throws IOException;
  }

  /** Arms a command that is to outlive this JVM. */
  static ArmedCommand arm(Starter starter) throws IOException {
    return arm(starter, Confines.none(), null);
  }

  /** Arms a command for a claim, with a supervisor that ends it with this JVM. */
  static ArmedCommand armForClaim(Starter starter, Duration grace) throws IOException {
    Confines confines = Confines.make();
    Supervisor supervisor = Supervisor.start(confines, grace);
    ArmedCommand armed = null;
    try {
      armed = arm(starter, confines, supervisor);
      supervisor.extend(UNTIL_RELEASED, armed.tree.head().pid());
      return armed;
    } finally {
      if (armed == null) {
        supervisor.close();
        confines.remove();
      }
    }
  }

  private static ArmedCommand arm(Starter starter, Confines confines, Supervisor supervisor)
      throws IOException {
    ReleasePipe pipe = ReleasePipe.open();
    ArmedCommand armed = null;
    try {
      armed = new ArmedCommand(pipe, confines, supervisor, starter.start(confines, pipe.path()));
      return armed;
    } finally {
      if (armed == null) {
        pipe.close();
      }
    }
  }

  boolean isForClaim() {
    return supervisor != null;
  }

  boolean isAlive() {
    return tree.head().isAlive() && (supervisor == null || supervisor.isAlive());
  }

  ProcessHandle process() {
    return tree.head().toHandle();
  }

  /**
   * Starts the command.
   *
   * @throws IOException if its process has ended, or isn't ready yet; it doesn't run then
   */
  ProcessTree release(Map<String, String> environment) throws IOException {
    boolean released = false;
    try {
      resume();
      pipe.send(confines.mark() + " " + exports(environment));
      released = true;
      return tree;
    } finally {
      if (!released) {
        tree.head().destroyForcibly(); // it may be about to open what has the pipe's number next
      }
    }
  }

  /**
   * A signal to the process group, such as a terminal's Ctrl-Z, stops the process with this JVM.
   * One to this JVM alone lets only that go on.
   */
  private void resume() {
    try {
      LibC.kill((int) tree.head().pid(), LibC.SIGCONT);
    } catch (LastErrorException e) {
      // it has ended, and nobody reads the pipe
    }
  }

  /** Starts the command on a claim; throws as {@link #release}. */
  RunningCommand releaseOn(Claim claim, Map<String, String> environment, Duration grace)
      throws IOException {
    lease = Lease.keep(claim, supervisor, () -> Supervisor.start(confines, grace), grace);
    lease.of(tree.head());
    release(environment);
    return RunningCommand.on(lease, tree);
  }

  private static String exports(Map<String, String> environment) {
    return environment.entrySet().stream()
        .map(variable -> "export " + variable.getKey() + "=" + quoted(variable.getValue()))
        .collect(Collectors.joining("; "));
  }

  /** The pipe takes one line, so a newline comes from the variable of {@link UserCommand}. */
  private static String quoted(String value) {
    String newline = "'\"$" + UserCommand.NEWLINE + "\"'";
    return "'" + value.replace("'", "'\\''").replace("\n", newline) + "'";
  }

  /** Ends the process, which hasn't been released. */
  @Override
  public void close() {
    tree.head().destroyForcibly(); // before the pipe's number can lead to something else
    pipe.close();
    try {
      if (lease != null) {
        lease.close();
      } else if (supervisor != null) {
        supervisor.finish(END_LIMIT);
      }
    } finally {
      confines.remove(); // where the supervisor was killed
    }
  }
}
