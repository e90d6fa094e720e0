package io.github.keepalive4j.internal.guard;

import io.github.keepalive4j.AbstractClaim;
import io.github.keepalive4j.Claim;
import java.time.Duration;
import java.util.Optional;

/** What a guard's claim answers that its holder doesn't ask. */
public final class Claims {
  private Claims() {}

  public static boolean canBeLost(Claim claim) {
    return !(guarded(claim) instanceof AbstractClaim own) || own.canBeLost();
  }

  public static boolean mayBegin(Claim claim) {
    return guarded(claim) instanceof AbstractClaim own ? own.mayBegin() : claim.isValid();
  }

  public static boolean announce(Claim claim) {
    return guarded(claim) instanceof AbstractClaim own ? own.announce() : claim.isValid();
  }

  /** Returns how long the claim lasts unless it is renewed; empty where it has no lease. */
  public static Optional<Duration> leaseLeft(Claim claim) {
    return guarded(claim) instanceof AbstractClaim own ? own.leaseLeft() : Optional.empty();
  }

  public static void serve(Claim claim, AbstractClaim.Backups backups) {
    if (guarded(claim) instanceof AbstractClaim own) {
      own.serve(backups);
    }
  }

  private static Claim guarded(Claim claim) {
    return claim instanceof HeldClaim held ? guarded(held.guarded()) : claim;
  }
}
