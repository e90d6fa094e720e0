/** Metrics of monitors and servers, for Micrometer's registries. */
@SuppressWarnings({
  "requires-automatic",
  "requires-transitive-automatic"
}) // Micrometer's jars are automatic modules
module io.github.keepalive4j.micrometer {
  requires transitive io.github.keepalive4j;
  requires static transitive io.github.keepalive4j.sockets; // for whoever sweeps sockets
  requires transitive micrometer.core;
  requires static org.jspecify;

  exports io.github.keepalive4j.micrometer;
}
