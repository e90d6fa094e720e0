package io.github.keepalive4j.testkit.junit;

import io.github.keepalive4j.AbstractClaim;
import io.github.keepalive4j.Claim;
import io.github.keepalive4j.ClaimDeclinedException;
import io.github.keepalive4j.ClaimRequest;
import io.github.keepalive4j.TakeoverGuard;
import java.util.Optional;
import java.util.OptionalLong;

/** Somebody who grants to one backup at a time. */
class Registry implements TakeoverGuard {
  private Entry holder; // guarded by this
  private long lastToken; // guarded by this

  @Override
  public Claim claim(ClaimRequest request) throws Exception {
    return grant();
  }

  synchronized Claim grant() throws Exception {
    if (holder != null) {
      throw new ClaimDeclinedException("the registry gave the claim to another backup");
    }
    holder = new Entry(++lastToken);
    return holder;
  }

  synchronized void free() {
    holder = null;
  }

  /** A claim that ends with its entry. */
  final class Entry extends AbstractClaim {
    private final long token;

    Entry(long token) {
      this.token = token;
    }

    void delete() {
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
