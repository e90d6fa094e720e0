/**
 * Two or more hosts on one machine, the faults to inflict on them, a guest to run there, and the
 * events for unit tests.
 */
@SuppressWarnings("requires-automatic")
module io.github.keepalive4j.testkit {
  requires com.sun.jna;
  requires transitive io.github.keepalive4j;

  exports io.github.keepalive4j.testkit;
  exports io.github.keepalive4j.testkit.event;
  exports io.github.keepalive4j.testkit.qemu;
}
