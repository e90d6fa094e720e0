package io.github.keepalive4j.soak.check;

/**
 * A rule that the backup broke.
 *
 * @param detail for people to read
 */
public record Breach(Rule rule, String detail) {
  /** The rules, each named by what happens when it is broken. */
  public enum Rule {
    /** A link had to fail, and nothing was reported. */
    LOST,
    /** The failure was reported too late. */
    LATE,
    /** The end of a link was reported more than once. */
    DOUBLED,
    /** A link failed although no fault affected it. */
    FALSE,
    /** A link had to fail, but no fault explains the cause that was reported. */
    WRONG_CAUSE,
    /** A failure was reported after the owner had closed or unwatched the link. */
    AFTER_RELEASE,
    /** A byte or a stand-down was reported that no source had sent. */
    UNSENT,
    /** An exception was thrown. */
    ERROR
  }

  @Override
  public String toString() {
    return rule + ": " + detail;
  }
}
