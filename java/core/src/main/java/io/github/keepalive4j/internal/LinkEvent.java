package io.github.keepalive4j.internal;

import io.github.keepalive4j.FailureCause;
import io.github.keepalive4j.TcpInfo;
import java.util.function.Supplier;

/**
 * Something that happened on a descriptor.
 *
 * @param type what happened
 * @param cause the cause of {@link Type#FAILED}, else null
 * @param errno the socket's pending error, or 0
 * @param probes unanswered keepalive probes
 * @param octet the byte of {@link Type#VIOLATION}, else 0
 * @param verdictNs when the state was judged
 * @param lastHeardNs when the peer's kernel was last heard; without meaning where {@code evidence}
 *     is null
 * @param evidence decodes the kernel's evidence, which a callback in a hurry may not even ask for;
 *     null where it can't be had
 */
public record LinkEvent(
    Type type,
    FailureCause cause,
    int errno,
    int probes,
    int octet,
    long verdictNs,
    long lastHeardNs,
    Supplier<TcpInfo> evidence) {

  /** What can happen, in the order of {@code enum ka_event_type}, where the first is 1. */
  public enum Type {
    FAILED,
    LEFT,
    VIOLATION,
    SUSPECT,
    RECOVERED,
    QUERY,
    ACCEPT
  }

  /** Tells the events after which a link is no longer watched. */
  public boolean isFinal() {
    return type == Type.FAILED || type == Type.LEFT || type == Type.VIOLATION;
  }

  /** Returns the kernel's evidence, or null where it can't be had. */
  public TcpInfo tcpInfo() {
    return evidence == null ? null : evidence.get();
  }

  /** An event without the kernel's evidence. */
  public static LinkEvent withoutEvidence(Type type, FailureCause cause, int errno, int octet) {
    return new LinkEvent(type, cause, errno, 0, octet, System.nanoTime(), 0, null);
  }
}
