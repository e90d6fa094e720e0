/** A user's programs around a source and its backups. */
@SuppressWarnings(
    "requires-automatic") // JNA, Micrometer and the ZooKeeper guard are automatic modules
module com.example.standby {
  requires com.sun.jna;
  requires io.github.keepalive4j;
  requires io.github.keepalive4j.micrometer;
  requires io.github.keepalive4j.qemu;
  requires io.github.keepalive4j.sockets;
  requires io.github.keepalive4j.testkit;
  requires io.github.keepalive4j.zookeeper;
  requires java.net.http;
  requires jdk.httpserver;
  requires org.junit.jupiter.api;

  opens com.example.standby to
      org.junit.platform.commons;
}
