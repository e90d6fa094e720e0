package io.github.keepalive4j;

import static java.util.stream.Collectors.joining;

import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

/** Several claims as one, lost with any of them. */
final class AllOfClaim implements Claim {
  private final List<Claim> claims;
  private final Optional<Claim> tokened;

  AllOfClaim(List<Claim> claims) {
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
  public boolean isValid() {
    return claims.stream().allMatch(Claim::isValid);
  }

  @Override
  public boolean mayBegin() {
    return claims.stream().allMatch(Claim::mayBegin);
  }

  /** Nothing is announced while another of them wouldn't let begin. */
  @Override
  public boolean announce() {
    return mayBegin() && claims.stream().allMatch(Claim::announce);
  }

  @Override
  public void onLost(Consumer<ClaimLoss> listener) {
    AtomicBoolean told = new AtomicBoolean();
    for (Claim claim : claims) {
      claim.onLost(
          loss -> {
            if (told.compareAndSet(false, true)) {
              listener.accept(loss);
              release();
            }
          });
    }
  }

  /** The last first: what was claimed before may be what it rests on. */
  @Override
  public void release() {
    releaseFirst(claims.size());
  }

  /** Releases them all, whatever one of them throws. */
  private void releaseFirst(int count) {
    if (count > 0) {
      try {
        claims.get(count - 1).release();
      } finally {
        releaseFirst(count - 1);
      }
    }
  }
}
