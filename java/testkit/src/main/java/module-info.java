/** Two or more hosts on one machine, and the faults to inflict on them. */
@SuppressWarnings("requires-automatic")
module io.github.keepalive4j.testkit {
  requires com.sun.jna;

  exports io.github.keepalive4j.testkit;
}
