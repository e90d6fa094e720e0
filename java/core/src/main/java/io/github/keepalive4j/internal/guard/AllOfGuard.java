package io.github.keepalive4j.internal.guard;

import io.github.keepalive4j.Claim;
import io.github.keepalive4j.ClaimDeclinedException;
import io.github.keepalive4j.ClaimRequest;
import io.github.keepalive4j.TakeoverGuard;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/** Grants if all of several guards do. */
public final class AllOfGuard implements TakeoverGuard {
  private final List<TakeoverGuard> guards;
  private final Follower requests;

  /** Makes the request for the guard that follows those that have granted. */
  public interface Follower {
    ClaimRequest after(ClaimRequest request, List<Claim> granted);
  }

  public AllOfGuard(List<TakeoverGuard> guards, Follower requests) {
    if (guards.isEmpty()) {
      throw new IllegalArgumentException("guards are 0, not 1 and more");
    }
    this.guards = guards;
    this.requests = requests;
  }

  @Override
  public TakeoverGuard arm() {
    List<TakeoverGuard> armed = new ArrayList<>();
    boolean complete = false;
    try {
      for (TakeoverGuard guard : guards) {
        armed.add(Objects.requireNonNull(guard.arm(), "the guard's arm() returned null"));
      }
      complete = true;
      return new AllOfGuard(List.copyOf(armed), requests);
    } finally {
      if (!complete) {
        armed.forEach(TakeoverGuard::disarm);
      }
    }
  }

  @Override
  public void connected() {
    guards.forEach(TakeoverGuard::connected);
  }

  @Override
  public void disarm() {
    guards.forEach(TakeoverGuard::disarm);
  }

  @Override
  public void linked(InetSocketAddress local) {
    guards.forEach(guard -> guard.linked(local));
  }

  /** One that holds back is enough, because a takeover needs them all. All are asked. */
  @Override
  public boolean holdBack() {
    boolean promised = false;
    for (TakeoverGuard guard : guards) {
      promised |= guard.holdBack();
    }
    return promised;
  }

  @Override
  public Claim claim(ClaimRequest request) throws Exception {
    List<Claim> claims = new ArrayList<>();
    boolean complete = false;
    try {
      for (TakeoverGuard guard : guards) {
        requireTime(request);
        requireAll(claims);
        claims.add(granted(guard.claim(requests.after(request, List.copyOf(claims)))));
      }
      complete = true;
    } finally {
      if (!complete) {
        AllOfClaim.releaseAll(claims);
      }
    }
    return AllOfClaim.of(List.copyOf(claims));
  }

  /**
   * Nobody takes over any more once the time is over or the watch is closed, so nobody may be
   * fenced for it either.
   */
  private static void requireTime(ClaimRequest request) throws ClaimDeclinedException {
    if (request.remaining().compareTo(Duration.ZERO) <= 0) {
      throw new ClaimDeclinedException(
          "the time is over or the watch closed, and not all guards have been asked");
    }
  }

  /** Who was paused here may have been replaced, and must not fence its successor. */
  private static void requireAll(List<Claim> claims) throws ClaimDeclinedException {
    if (!claims.stream().allMatch(Claims::mayBegin)) {
      throw new ClaimDeclinedException(
          "a claim was lost or in doubt, and not all guards have been asked");
    }
  }

  private static Claim granted(Claim claim) throws ClaimDeclinedException {
    if (claim == null) {
      throw new ClaimDeclinedException("the guard gave no claim");
    }
    return claim;
  }
}
