package io.github.keepalive4j.internal.guard;

import static java.util.stream.Collectors.joining;

import io.github.keepalive4j.AbstractClaim;
import io.github.keepalive4j.Claim;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** Several claims as one, lost with any of them. */
final class AllOfClaim extends AbstractClaim {
  private final List<Claim> claims;
  private final Optional<Claim> tokened;

  /** Makes one claim of several, which it listens to. */
  static AllOfClaim of(List<Claim> claims) {
    AllOfClaim all = new AllOfClaim(claims);
    claims.forEach(
        claim -> claim.addLossListener(loss -> all.lose(loss.reason(), loss.validUntilNs())));
    return all;
  }

  private AllOfClaim(List<Claim> claims) {
    this.claims = claims;
    this.tokened = claims.stream().filter(claim -> claim.token().isPresent()).findFirst();
  }

  @Override
  public OptionalLong token() {
    return tokened.map(Claim::token).orElseGet(OptionalLong::empty);
  }

  @Override
  public OptionalLong supersedes() {
    return tokened.map(Claim::supersedes).orElseGet(OptionalLong::empty);
  }

  @Override
  public Optional<String> resource() {
    return tokened.flatMap(Claim::resource);
  }

  @Override
  public String description() {
    return claims.stream().map(Claim::description).collect(joining("; "));
  }

  @Override
  public boolean canBeLost() {
    return claims.stream().anyMatch(Claims::canBeLost);
  }

  @Override
  public Optional<Duration> leaseLeft() {
    return claims.stream()
        .flatMap(claim -> Claims.leaseLeft(claim).stream())
        .min(Comparator.naturalOrder());
  }

  @Override
  protected boolean stands() {
    return claims.stream().allMatch(Claim::isValid);
  }

  @Override
  public boolean mayBegin() {
    return claims.stream().allMatch(Claims::mayBegin) && isValid();
  }

  /** Nothing is announced while another of them wouldn't let begin. */
  @Override
  public boolean announce() {
    return mayBegin() && claims.stream().allMatch(Claims::announce);
  }

  @Override
  public void serve(Backups backups) {
    claims.forEach(claim -> Claims.serve(claim, backups));
  }

  @Override
  protected void giveUp() {
    releaseAll(claims);
  }

  /**
   * Releases claims, the last first: what was claimed before may be what it rests on. All of them
   * are released, whatever one of them throws.
   */
  static void releaseAll(List<Claim> claims) {
    if (!claims.isEmpty()) {
      int last = claims.size() - 1;
      try {
        claims.get(last).release();
      } finally {
        releaseAll(claims.subList(0, last));
      }
    }
  }
}
