package io.github.keepalive4j.testkit.event;

import io.github.keepalive4j.AbstractClaim;
import java.util.Optional;
import java.util.OptionalLong;

/** A claim that stands until the test takes it away. Thread-safe. */
public final class TestClaim extends AbstractClaim {
  private static final String RESOURCE = "test";

  private final OptionalLong token;

  private TestClaim(OptionalLong token) {
    this.token = token;
  }

  /**
   * Makes a claim without a token.
   *
   * @return a claim that is held
   */
  public static TestClaim create() {
    return new TestClaim(OptionalLong.empty());
  }

  /**
   * Makes a claim with a fencing token.
   *
   * @param token the token
   * @return a claim that is held
   */
  public static TestClaim withToken(long token) {
    return new TestClaim(OptionalLong.of(token));
  }

  /**
   * Takes the claim away. Its loss listeners have returned when this returns. Does nothing if it is
   * lost or released already.
   *
   * @param reason the reason that the listeners are told
   */
  public void lose(String reason) {
    lose(reason, System.nanoTime());
  }

  @Override
  public OptionalLong token() {
    return token;
  }

  @Override
  public Optional<String> resource() {
    return token.isPresent() ? Optional.of(RESOURCE) : Optional.empty();
  }

  @Override
  public String description() {
    return "a test's claim";
  }

  @Override
  protected void giveUp() {}
}
