/**
 * Dead-peer detection and failover on a TCP keepalive link.
 *
 * <p>Start at {@link io.github.keepalive4j.KeepaliveMonitor}.
 */
@SuppressWarnings("requires-automatic") // jna: jna-jpms would be a second jar of the same classes
module io.github.keepalive4j {
  requires com.sun.jna;
  requires static jdk.jfr; // a runtime image may lack it
  requires jdk.net;

  exports io.github.keepalive4j;
  exports io.github.keepalive4j.internal.testing to
      io.github.keepalive4j.testkit;

  opens io.github.keepalive4j.internal.shim to
      com.sun.jna;
}
