/**
 * Dead-peer detection and failover on a TCP keepalive link.
 *
 * <p>Start at {@link io.github.keepalive4j.KeepaliveMonitor}.
 */
@SuppressWarnings(
    "requires-automatic") // jna is an automatic module; jna-jpms would be a second jar of the same
module io.github.keepalive4j {
  requires com.sun.jna;
  requires jdk.net;

  exports io.github.keepalive4j;

  opens io.github.keepalive4j.internal.shim to
      com.sun.jna;
}
