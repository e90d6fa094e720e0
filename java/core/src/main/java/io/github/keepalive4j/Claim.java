package io.github.keepalive4j;

import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Consumer;

/**
 * The right to act in a source's place, given by a {@link TakeoverGuard}. It lasts until it is
 * released or lost. Implementations are thread-safe.
 *
 * <p>Who holds a claim asks {@link #isValid()} before each act that must not be done twice, and
 * hands {@link #token()} to whatever can compare it: between the question and the act the holder
 * may be paused, and only the storage that refuses a smaller token than it has seen is safe then.
 */
public interface Claim {
  /**
   * Makes a claim for a guard whose answer stands for good, as that of a fence does: it can't be
   * lost.
   *
   * @param description as {@link #description()}
   * @return a claim without a token
   */
  static Claim lasting(String description) {
    return new LastingClaim(description);
  }

  /**
   * Returns the fencing token: greater than that of every earlier claim on the same {@link
   * #resource()}.
   *
   * @return the token, or empty where the guard has none
   */
  default OptionalLong token() {
    return OptionalLong.empty();
  }

  /**
   * Returns the token of the claim that this one ended.
   *
   * @return the token, or empty where there is none
   */
  default OptionalLong supersedes() {
    return OptionalLong.empty();
  }

  /**
   * Returns the name of what is claimed, within which tokens are comparable.
   *
   * @return the name, or empty where there are no tokens
   */
  default Optional<String> resource() {
    return Optional.empty();
  }

  /**
   * Returns what the claim rests on, for people to read.
   *
   * @return a short text
   */
  String description();

  /**
   * Tells whether the claim is held at this moment, judged by the clock as well as by what was
   * heard: after a pause the answer is true only if the pause can't have cost the claim. When the
   * answer is false because the claim was lost, the calls of {@link #onLost} have begun, if need be
   * on this thread.
   *
   * @return whether it is neither released nor lost
   */
  boolean isValid();

  /**
   * Tells whether something may be begun on this claim: more strictly than {@link #isValid()},
   * which keeps what runs running, where the guard has doubts that may pass.
   *
   * @return whether the callback may begin
   */
  default boolean mayBegin() {
    return isValid();
  }

  /**
   * Makes known that the holder is about to begin, where others wait for that: until then the guard
   * may replace it. May block, for as long as the guard sees fit. A claim that wraps another hands
   * this on.
   *
   * @return whether the callback may begin; if not, the claim is released
   */
  default boolean announce() {
    return mayBegin();
  }

  /**
   * Sets who is called, once, when the claim is lost: at once if it is lost already, otherwise on
   * the thread that notices. The claim's successor may have to wait until the call returns.
   *
   * @param listener must stop what was started on the claim; not called after {@link #release()}
   */
  void onLost(Consumer<ClaimLoss> listener);

  /** Gives the claim up. Does nothing if it is lost or released. */
  void release();
}
