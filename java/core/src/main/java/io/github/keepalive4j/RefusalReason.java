package io.github.keepalive4j;

/**
 * Why a {@link KeepaliveServer} doesn't accept a connection.
 *
 * <p>More values may be added: a {@code switch} needs a {@code default}.
 */
public enum RefusalReason {
  /** It comes from none of the {@linkplain KeepaliveServer.Builder#allow allowed} networks. */
  NOT_ALLOWED,
  /** The server has {@linkplain KeepaliveServer.Builder#maxConnections as many} as it may have. */
  TOO_MANY,
  /**
   * The server has {@linkplain KeepaliveServer.Builder#maxConnectionsPerAddress as many} from its
   * address as it may have.
   */
  TOO_MANY_FROM_ADDRESS,
  /** The source {@linkplain KeepaliveServer#standDown() stands down}. */
  STANDING_DOWN
}
