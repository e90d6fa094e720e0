package io.github.keepalive4j;

import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Consumer;

/**
 * The right to act in a source's place, as its holder sees it. It lasts until it is released or
 * lost. Thread-safe. A {@link TakeoverGuard} of your own extends {@link AbstractClaim} for its
 * claims.
 *
 * <p>The holder asks {@link #isValid()} before each act that must not be done twice, and hands
 * {@link #token()} to whatever can compare it. The holder may be paused between the question and
 * the act. Only a storage that refuses a smaller token than it has seen is safe then.
 */
public interface Claim {
  /**
   * Makes a claim that can't be lost, for a guard whose answer stands for good, as a fence's does.
   *
   * @param description as {@link #description()}
   * @return a claim without a token
   */
  static Claim lasting(String description) {
    return AbstractClaim.lasting(description);
  }

  /**
   * Returns the fencing token: greater than that of every earlier claim on the same {@link
   * #resource()}.
   *
   * @return the token, or empty where the guard has none
   */
  OptionalLong token();

  /**
   * Returns the token of the claim that this one ended.
   *
   * @return the token, or empty where there is none
   */
  OptionalLong supersedes();

  /**
   * Returns the name of what is claimed, within which tokens are comparable.
   *
   * @return the name, or empty where there are no tokens
   */
  Optional<String> resource();

  /** Returns what the claim rests on, for people to read. */
  String description();

  /**
   * Tells whether the claim is held at this moment. The clock counts, too: after a pause of this
   * process the answer is true only if the pause can't have cost the claim. If a loss makes it
   * false, the calls of the loss listeners have begun, if need be on this thread.
   *
   * @return whether it is neither released nor lost
   */
  boolean isValid();

  /**
   * Adds a listener that is called once, when the claim is lost. If it is lost already, that is at
   * once; otherwise it is on the thread that notices. The claim's successor may have to wait until
   * the call returns. Listeners are called in the order in which they were added; what they throw
   * is logged.
   *
   * @param listener must stop what was started on the claim; not called after {@link #release()}
   */
  void addLossListener(Consumer<ClaimLoss> listener);

  /** Gives the claim up. Does nothing if it is lost or released. */
  void release();
}
