package io.github.keepalive4j.internal.testing;

import io.github.keepalive4j.Claim;
import io.github.keepalive4j.ClaimRequest;
import io.github.keepalive4j.Failover;
import io.github.keepalive4j.Failure;
import io.github.keepalive4j.FailureCause;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.OptionalLong;

/**
 * Makes the events whose constructors are the library's own. Only the testkit's module may use it.
 */
public interface EventFactory {
  /**
   * What a failure tells.
   *
   * @param peer the source
   * @param localAddress where the link was sent from, or null if that isn't known
   * @param cause the cause
   * @param errno the socket's error, or 0
   * @param octet the byte of a violation
   * @param lastHeardNs when the source was last heard
   * @param verdictNs when the verdict fell
   */
  record FailureSpec(
      InetSocketAddress peer,
      InetSocketAddress localAddress,
      FailureCause cause,
      int errno,
      int octet,
      OptionalLong lastHeardNs,
      long verdictNs) {}

  /** Makes a failure. Its link answers nothing but the addresses. */
  Failure failure(FailureSpec spec);

  /** Makes a failover; the claim is null for none. */
  Failover failover(List<Failure> failures, Claim claim);

  /** Makes a request that counts as declined at the deadline. */
  ClaimRequest claimRequest(List<Failure> failures, long deadlineNs);

  /** Returns the implementation, which the public package hides beside those constructors. */
  static EventFactory get() {
    try {
      Class<?> hidden = Class.forName("io.github.keepalive4j.TestEvents");
      return (EventFactory)
          MethodHandles.privateLookupIn(hidden, MethodHandles.lookup())
              .findConstructor(hidden, MethodType.methodType(void.class))
              .invoke();
    } catch (Throwable e) {
      throw new LinkageError("the testkit and the library are of different versions", e);
    }
  }
}
