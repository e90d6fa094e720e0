/** A QMP client that stays connected to a QEMU, and the actions that make its machine take over. */
module io.github.keepalive4j.qemu {
  requires com.fasterxml.jackson.databind;
  requires static org.jspecify;

  exports io.github.keepalive4j.qemu;
}
