package io.github.keepalive4j.cli;

/** What the command tells the shell when it ends. */
public final class ExitStatus {
  public static final int OK = 0;

  /** The source could not be reached at the start, or the command could not do its work. */
  public static final int FAILED = 1;

  static final int BAD_USAGE = 2;

  /** What was to be done at the failover failed. */
  public static final int FAILOVER_FAILED = 3;

  private ExitStatus() {}
}
