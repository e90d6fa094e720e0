package io.github.keepalive4j.soak.check;

/**
 * A rule that wasn't kept.
 *
 * @param detail for people to read
 */
public record Breach(Rule rule, String detail) {
  /** What a backup owes. */
  public enum Rule {
    /** A link that had to fail told nothing. */
    LOST,
    /** It told, but too late. */
    LATE,
    /** A link had its end told more than once. */
    DOUBLED,
    /** A link was told to fail, and nothing had befallen it. */
    FALSE,
    /** A link failed rightly, with a cause that nothing explains. */
    WRONG_CAUSE,
    /** A link's failure was told when its owner had taken it back or closed it. */
    AFTER_RELEASE,
    /** A source was said to have left that hadn't, or to have said what it can't. */
    MISHEARD,
    /** Something was thrown. */
    ERROR
  }

  @Override
  public String toString() {
    return rule + ": " + detail;
  }
}
