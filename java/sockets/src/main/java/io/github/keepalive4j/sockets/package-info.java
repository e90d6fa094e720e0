/**
 * Dead-peer timeouts for sockets that others made, such as a database driver's.
 *
 * <p>Start at {@link io.github.keepalive4j.sockets.SocketSweeper}.
 */
@NullMarked
package io.github.keepalive4j.sockets;

import org.jspecify.annotations.NullMarked;
