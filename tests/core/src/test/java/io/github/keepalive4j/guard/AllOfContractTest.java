package io.github.keepalive4j.guard;

import io.github.keepalive4j.AbstractClaim;
import io.github.keepalive4j.Claim;
import io.github.keepalive4j.ClaimDeclinedException;
import io.github.keepalive4j.FenceGuard;
import io.github.keepalive4j.TakeoverGuard;
import io.github.keepalive4j.testkit.junit.TakeoverGuardContract;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Timeout;

/** Several guards as one keep the contract for guards if the first of them does. */
@Timeout(60)
class AllOfContractTest extends TakeoverGuardContract {
  private Entry holder; // guarded by this
  private long lastToken; // guarded by this

  @Override
  protected TakeoverGuard newBackup() {
    return TakeoverGuard.allOf(
        request -> grant(), FenceGuard.shell("exit 0", Duration.ofSeconds(10)));
  }

  private synchronized Claim grant() throws ClaimDeclinedException {
    if (holder != null) {
      throw new ClaimDeclinedException("another backup holds the claim");
    }
    holder = new Entry(++lastToken);
    return holder;
  }

  private synchronized void free() {
    holder = null;
  }

  /** The claim of all takes the one of the first with it. */
  @Override
  protected void takeAway(Claim claim) {
    Entry inside;
    synchronized (this) {
      inside = holder;
    }
    if (inside != null) {
      inside.end();
    }
  }

  private final class Entry extends AbstractClaim {
    private final long token;

    Entry(long token) {
      this.token = token;
    }

    void end() {
      lose("the entry was deleted", System.nanoTime());
    }

    @Override
    public OptionalLong token() {
      return OptionalLong.of(token);
    }

    @Override
    public Optional<String> resource() {
      return Optional.of("registry");
    }

    @Override
    public String description() {
      return "entry " + token;
    }

    @Override
    protected void giveUp() {
      free();
    }
  }
}
