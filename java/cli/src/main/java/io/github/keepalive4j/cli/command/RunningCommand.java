package io.github.keepalive4j.cli.command;

import io.github.keepalive4j.internal.process.ProcessTree;
import java.time.Duration;

/** A command that was started, and all that it has started. Thread-safe. */
public final class RunningCommand {
  private final ProcessTree tree;
  private final Lease lease; // null without a claim

  private RunningCommand(ProcessTree tree, Lease lease) {
    this.tree = tree;
    this.lease = lease;
  }

  /** Wraps a command without a claim. */
  public static RunningCommand of(ProcessTree tree) {
    return new RunningCommand(tree, null);
  }

  static RunningCommand on(Lease lease, ProcessTree tree) {
    return new RunningCommand(tree, lease);
  }

  /** Returns the command itself; what it has started may run on after it. */
  public Process head() {
    return tree.head();
  }

  /**
   * Says that this process ends the command, though its claim is lost: so it may run on for a time.
   */
  public void allow(Duration time) {
    if (lease != null) {
      lease.allow(time);
    }
  }

  /** Asks all to end, kills those that haven't within the grace time, and returns then. */
  public void terminate(Duration grace) {
    allow(grace);
    try {
      tree.terminate(grace);
    } finally {
      if (lease != null) {
        lease.close();
      }
    }
  }
}
