package io.github.keepalive4j;

import java.net.InetSocketAddress;

/**
 * Hears who watches a {@link KeepaliveServer}. Called on a thread of the server's, one call after
 * the other: a slow listener holds newcomers and news of those who left up, no answer.
 */
public interface ServerListener {
  /**
   * A backup connected.
   *
   * @param backup where it came from
   */
  default void onConnected(InetSocketAddress backup) {}

  /**
   * A backup's connection ended.
   *
   * @param backup where it came from
   * @param cause how it ended
   */
  default void onDisconnected(InetSocketAddress backup, FailureCause cause) {}

  /**
   * A backup sent a byte that the link doesn't know; its connection is closed.
   *
   * @param backup where it came from
   * @param octet the byte, 0 to 255
   */
  default void onViolation(InetSocketAddress backup, int octet) {}

  /**
   * A connection wasn't accepted: it was closed at once, and no other call follows for it. Under a
   * flood these calls come by the thousand.
   *
   * @param peer where it came from
   * @param refusal why
   */
  default void onRefused(InetSocketAddress peer, Refusal refusal) {}

  /**
   * The claim to serve was lost: somebody else may act in this source's place, and what must not
   * run twice has to stop. Unlike the others, this call comes on the thread that notices; the
   * server is closed once it has returned, and the successor may be waiting for that.
   *
   * @param reason how the claim was lost, for people to read
   */
  default void onClaimLost(String reason) {}
}
