/** Dead-peer timeouts for sockets that others made, such as a database driver's. */
module io.github.keepalive4j.sockets {
  requires transitive io.github.keepalive4j;
  requires static jdk.jfr; // a runtime image may lack it
  requires static org.jspecify;

  exports io.github.keepalive4j.sockets;
}
