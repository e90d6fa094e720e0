package io.github.keepalive4j.guard;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.keepalive4j.AbstractClaim;
import io.github.keepalive4j.ClaimLoss;
import io.github.keepalive4j.support.Eventually;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ClaimLeaseTest {
  private static final long HOUR_NS = Duration.ofHours(1).toNanos();

  private static final class LeasedClaim extends AbstractClaim {
    LeasedClaim(long validUntilNs) {
      renew(validUntilNs);
    }

    @Override
    public String description() {
      return "leased";
    }

    @Override
    protected void giveUp() {}

    void answer(long validUntilNs) {
      renew(validUntilNs);
    }

    void end(long endedNs) {
      lose("the ensemble said so", endedNs);
    }

    boolean hasRunOut() {
      return isOverdue();
    }

    Duration left() {
      return leaseLeft().orElseThrow();
    }
  }

  @Test
  void anAnswerInTimeExtendsTheLease() {
    LeasedClaim claim = new LeasedClaim(System.nanoTime() + HOUR_NS);
    claim.answer(System.nanoTime() + 2 * HOUR_NS);
    assertTrue(claim.left().toNanos() > HOUR_NS);
  }

  @Test
  void aLateAnswerRevivesNoLease() throws Exception {
    LeasedClaim claim = new LeasedClaim(System.nanoTime() + 1_000_000);
    Eventually.await("the end of the lease", claim::hasRunOut);
    claim.answer(System.nanoTime() + HOUR_NS);
    assertTrue(claim.hasRunOut());
    assertFalse(claim.left().toNanos() > 0);
  }

  @Test
  void aLossThatIsLearntLateCountsFromTheEndOfTheLease() {
    List<ClaimLoss> losses = new ArrayList<>();
    long validUntilNs = System.nanoTime();
    LeasedClaim claim = new LeasedClaim(validUntilNs);
    claim.addLossListener(losses::add);
    claim.end(validUntilNs + HOUR_NS);
    assertEquals(validUntilNs, losses.get(0).validUntilNs());
  }

  @Test
  void aLossWithinTheLeaseCountsFromWhenItIsLearnt() {
    List<ClaimLoss> losses = new ArrayList<>();
    long endedNs = System.nanoTime();
    LeasedClaim claim = new LeasedClaim(endedNs + HOUR_NS);
    claim.addLossListener(losses::add);
    claim.end(endedNs);
    assertEquals(endedNs, losses.get(0).validUntilNs());
  }
}
