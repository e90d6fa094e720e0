package io.github.keepalive4j.soak.fault;

import io.github.keepalive4j.FailureCause;
import java.time.Duration;
import java.util.Set;

/**
 * What a backup must report of a link.
 *
 * @param causes the causes with which the link may fail; none if it must not fail
 * @param certain whether it must fail; false if the failure needs a single segment that may be lost
 * @param decisive the number of the fault that ends the link, from 0
 * @param suspicion whether the link must be suspected first
 * @param within the longest time from that fault to the verdict; if the link must not fail, how
 *     long to wait before that is certain
 */
public record Expectation(
    Set<FailureCause> causes, boolean certain, int decisive, Suspicion suspicion, Duration within) {
  private static final Set<FailureCause> ENDS = Set.of(FailureCause.RESET, FailureCause.CLOSED);

  /** Whether the link must, may or must not be suspected. */
  public enum Suspicion {
    REQUIRED,
    POSSIBLE,
    NEVER
  }

  /** Tells whether this number of failovers is right. */
  public boolean allows(long failovers) {
    return failovers == (isFailover() ? 1 : 0) || (failovers == 0 && !certain);
  }

  /** Tells whether it fails because nothing is heard, not because of an RST or a FIN. */
  public boolean isBySilence() {
    return causes.stream().noneMatch(ENDS::contains);
  }

  public boolean isFailover() {
    return !causes.isEmpty();
  }
}
