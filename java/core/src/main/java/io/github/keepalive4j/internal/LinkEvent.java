package io.github.keepalive4j.internal;

import io.github.keepalive4j.FailureCause;

/**
 * Something that happened on a descriptor.
 *
 * @param type what happened
 * @param cause the cause of {@link Type#FAILED}, else null
 * @param errno the socket's pending error, or 0
 * @param probes unanswered keepalive probes
 * @param octet the byte of {@link Type#VIOLATION} or {@link Type#PROMISE}, else 0
 * @param verdictNs when the state was judged
 * @param evidence the kernel's evidence, which may be read only when asked for
 */
public record LinkEvent(
    Type type,
    FailureCause cause,
    int errno,
    int probes,
    int octet,
    long verdictNs,
    Evidence evidence) {

  /** What can happen, in the order of {@code enum ka_event_type}, where the first is 1. */
  public enum Type {
    FAILED,
    LEFT,
    VIOLATION,
    SUSPECT,
    RECOVERED,
    QUERY,
    ACCEPT,
    /** The source asks a backup not to take over for a while. */
    HOLD_BACK,
    /** A backup promises that; the octet is Q if a query came with it. */
    PROMISE;

    /** Tells whether a link is no longer watched after the event. */
    public boolean isFinal() {
      return this == FAILED || this == LEFT || this == VIOLATION;
    }
  }

  /** An event without the kernel's evidence. */
  public static LinkEvent withoutEvidence(Type type, FailureCause cause, int errno, int octet) {
    return new LinkEvent(type, cause, errno, 0, octet, System.nanoTime(), NoEvidence.INSTANCE);
  }
}
