/** Two or more hosts on one machine, the faults to inflict on them, and a guest to run there. */
@SuppressWarnings("requires-automatic")
module io.github.keepalive4j.testkit {
  requires com.sun.jna;

  exports io.github.keepalive4j.testkit;
  exports io.github.keepalive4j.testkit.qemu;
}
