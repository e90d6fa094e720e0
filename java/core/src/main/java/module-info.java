/**
 * Dead-peer detection and failover on a TCP keepalive link.
 *
 * <p>Start at {@link io.github.keepalive4j.KeepaliveMonitor}.
 */
@SuppressWarnings({
  "requires-automatic", // jna is an automatic module; jna-jpms would be a second jar of the same
  "module" // those exported to are built later
})
module io.github.keepalive4j {
  requires com.sun.jna;
  requires static jdk.jfr; // a runtime image may lack it
  requires jdk.net;
  requires static org.jspecify;

  exports io.github.keepalive4j;
  exports io.github.keepalive4j.internal to
      io.github.keepalive4j.sockets,
      io.github.keepalive4j.zookeeper;
  exports io.github.keepalive4j.internal.jfr to
      io.github.keepalive4j.sockets;
  exports io.github.keepalive4j.internal.sockets to
      io.github.keepalive4j.sockets;
  exports io.github.keepalive4j.internal.testing to
      io.github.keepalive4j.testkit;

  opens io.github.keepalive4j.internal.shim to
      com.sun.jna;
}
