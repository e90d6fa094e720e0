package io.github.keepalive4j;

/** Why a {@link KeepaliveServer} doesn't accept a connection. */
public enum RefusalReason {
  /** It comes from none of the {@linkplain KeepaliveServer.Builder#allow allowed} networks. */
  NOT_ALLOWED,
  /** There are {@linkplain KeepaliveServer.Builder#maxConnections as many} as there may be. */
  TOO_MANY,
  /**
   * There are {@linkplain KeepaliveServer.Builder#maxConnectionsPerAddress as many} from its
   * address as there may be.
   */
  TOO_MANY_FROM_ADDRESS
}
