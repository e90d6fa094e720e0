package io.github.keepalive4j;

import io.github.keepalive4j.internal.Arguments;
import java.util.Collection;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** How many of several links to one source must have failed before it is taken over. Immutable. */
public final class FailoverPolicy {
  private static final int ALL = 0;

  private final int failures;

  private FailoverPolicy(int failures) {
    this.failures = failures;
  }

  /** All links must have failed: a single path that still works shows that the source lives. */
  public static FailoverPolicy all() {
    return new FailoverPolicy(ALL);
  }

  /**
   * At least a number of links must have failed.
   *
   * @param failures 1 and more
   * @throws IllegalArgumentException if {@code failures} is less than 1
   */
  public static FailoverPolicy atLeast(int failures) {
    if (failures < 1) {
      throw new IllegalArgumentException(
          "failures " + failures + " is not from 1 to the number of links");
    }
    return new FailoverPolicy(failures);
  }

  /** Returns how many of these links must fail. Refuses null, with the parameter's name. */
  static int failuresOf(FailoverPolicy policy, Collection<KeepaliveSocket> links) {
    Objects.requireNonNull(policy, "policy");
    return policy.failuresOf(Arguments.noneNull("links", links).size());
  }

  private int failuresOf(int links) {
    if (links < 1) {
      throw new IllegalArgumentException("links are 0, not 1 and more");
    }
    if (failures > links) {
      throw new IllegalArgumentException(
          "failures " + failures + " is not from 1 to the number of links, " + links);
    }
    return failures == ALL ? links : failures;
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof FailoverPolicy policy && policy.failures == failures;
  }

  @Override
  public int hashCode() {
    return failures;
  }

  @Override
  public String toString() {
    return failures == ALL ? "all links" : "at least " + failures + " links";
  }
}
