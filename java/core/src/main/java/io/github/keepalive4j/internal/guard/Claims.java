package io.github.keepalive4j.internal.guard;

import io.github.keepalive4j.AbstractClaim;
import io.github.keepalive4j.Claim;

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

  private static Claim guarded(Claim claim) {
    return claim instanceof HeldClaim held ? guarded(held.guarded()) : claim;
  }
}
