/**
 * Two or more hosts on one machine, the faults to inflict on them, a guest to run there, and the
 * events and contracts for unit tests.
 */
@SuppressWarnings("requires-automatic")
module io.github.keepalive4j.testkit {
  requires com.sun.jna;
  requires transitive io.github.keepalive4j;
  requires static org.jspecify;
  requires static org.junit.jupiter.api; // only for the package junit, whose user requires it too

  exports io.github.keepalive4j.testkit;
  exports io.github.keepalive4j.testkit.event;
  exports io.github.keepalive4j.testkit.junit;
  exports io.github.keepalive4j.testkit.qemu;
}
