package io.github.keepalive4j.testkit;

import java.io.IOException;

/** A command failed. The exception carries the command, its exit status and its output. */
public final class CommandException extends IOException {
  private static final long serialVersionUID = 1L;

  /** The command with its arguments. */
  private final String command;

  /** How it ended. */
  private final int exitStatus;

  /** What it wrote. */
  private final String output;

  CommandException(String command, String what, int exitStatus, String output) {
    super("`" + command + "` " + what + ": " + output.strip());
    this.command = command;
    this.exitStatus = exitStatus;
    this.output = output;
  }

  /** Returns the command line. */
  public String command() {
    return command;
  }

  /** Returns the exit status; 128 and the signal's number when a signal ended the command. */
  public int exitStatus() {
    return exitStatus;
  }

  /** Returns what the command wrote: its standard error, then its standard output. */
  public String output() {
    return output;
  }
}
