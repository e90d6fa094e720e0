package io.github.keepalive4j.cli;

/** The command's exit statuses. */
public final class ExitStatus {
  public static final int OK = 0;

  /** The source could not be reached at the start, or the command could not do its work. */
  public static final int FAILED = 1;

  static final int BAD_USAGE = 2;

  /** The takeover or the failover command failed, was declined, or lost its claim. */
  public static final int FAILOVER_FAILED = 3;

  private ExitStatus() {}
}
