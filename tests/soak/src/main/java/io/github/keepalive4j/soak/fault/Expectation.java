package io.github.keepalive4j.soak.fault;

import io.github.keepalive4j.FailureCause;
import java.time.Duration;
import java.util.Set;

/**
 * What a backup is to report of a link.
 *
 * @param causes with which of them it may fail over; none for no failover
 * @param certain whether it fails for sure: not if that takes a single segment, which may get lost
 * @param decisive the number of the fault that ends the link, from 0
 * @param suspicion whether it is to be suspected first
 * @param within how long after that fault the verdict falls at the latest; without a failover, how
 *     long it takes to be sure of it
 */
public record Expectation(
    Set<FailureCause> causes, boolean certain, int decisive, Suspicion suspicion, Duration within) {
  private static final Set<FailureCause> ENDS =
      Set.of(FailureCause.RESET, FailureCause.CLOSED, FailureCause.ABORTED);

  /** Whether suspicion is due. */
  public enum Suspicion {
    DUE,
    POSSIBLE,
    NEVER
  }

  /** Tells whether as many failovers are right. */
  public boolean allows(long failovers) {
    return failovers == (isFailover() ? 1 : 0) || (failovers == 0 && !certain);
  }

  /** Tells whether it fails, if it does, because nothing is heard: not of an RST or a FIN. */
  public boolean isBySilence() {
    return causes.stream().noneMatch(ENDS::contains);
  }

  public boolean isFailover() {
    return !causes.isEmpty();
  }
}
