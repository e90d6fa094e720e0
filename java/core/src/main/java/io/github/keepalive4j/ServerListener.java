package io.github.keepalive4j;

import java.net.InetSocketAddress;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * Receives a {@link KeepaliveServer}'s events. Called on a thread of the server, one call after the
 * other. A slow listener delays newcomers and later calls, but no answer.
 */
public interface ServerListener {
  /** A backup connected. */
  default void onConnected(BackupUpdate event) {}

  /**
   * A backup's connection ended. The cause is {@link FailureCause#VIOLATED} if it sent a byte that
   * the link doesn't know.
   */
  default void onDisconnected(BackupUpdate event) {}

  /**
   * A connection was refused: it was closed at once, and no other call follows for it. Under a
   * flood these calls come by the thousand.
   */
  default void onRefused(BackupUpdate event) {}

  /**
   * The claim to serve was lost: somebody else may act in this source's place, and what must not
   * run twice has to stop. Unlike the others, this call comes on the thread that notices. The
   * server is closed and the claim is given up once it has returned. The successor may be waiting
   * for that.
   */
  default void onClaimLost(ClaimLoss loss) {}

  /** Something that happened to a connection. Immutable. */
  final class BackupUpdate {
    private final InetSocketAddress peer;
    private final @Nullable FailureCause cause; // null unless the connection ended
    private final @Nullable Integer octet; // null unless it ended by a violation
    private final @Nullable RefusalReason refusalReason; // null unless it was refused

    private BackupUpdate(
        InetSocketAddress peer,
        @Nullable FailureCause cause,
        @Nullable Integer octet,
        @Nullable RefusalReason refusalReason) {
      this.peer = Objects.requireNonNull(peer, "peer");
      this.cause = cause;
      this.octet = octet;
      this.refusalReason = refusalReason;
    }

    /** Makes the event of a backup that connected. */
    public static BackupUpdate connected(InetSocketAddress peer) {
      return new BackupUpdate(peer, null, null, null);
    }

    /** Makes the event of a connection that ended. */
    public static BackupUpdate disconnected(InetSocketAddress peer, FailureCause cause) {
      return new BackupUpdate(peer, Objects.requireNonNull(cause, "cause"), null, null);
    }

    /** Makes the event of a connection that ended by an unknown byte, 0 to 255. */
    public static BackupUpdate violated(InetSocketAddress peer, int octet) {
      return new BackupUpdate(peer, FailureCause.VIOLATED, octet, null);
    }

    /** Makes the event of a connection that was refused. */
    public static BackupUpdate refused(InetSocketAddress peer, RefusalReason reason) {
      return new BackupUpdate(peer, null, null, Objects.requireNonNull(reason, "reason"));
    }

    /** Returns where the connection came from. */
    public InetSocketAddress peer() {
      return peer;
    }

    /** Returns how the connection ended, or empty if it hasn't. */
    public Optional<FailureCause> cause() {
      return Optional.ofNullable(cause);
    }

    /** Returns the byte that the link doesn't know, 0 to 255, or empty if there was none. */
    public OptionalInt octet() {
      return octet == null ? OptionalInt.empty() : OptionalInt.of(octet);
    }

    /** Returns why the connection was refused, or empty if it wasn't. */
    public Optional<RefusalReason> refusalReason() {
      return Optional.ofNullable(refusalReason);
    }
  }
}
