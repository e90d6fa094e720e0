package io.github.keepalive4j.internal.shim;

/**
 * The offsets of {@code keepalive4j.h}'s structures, which {@code layout.c} pins; a change there
 * changes the ABI version.
 */
final class Layout {
  static final int ABI_VERSION = 1;
  static final int UNSET = -1;

  static final int ADDRESS_SIZE = 24;
  static final int ADDRESS_SCOPE_ID = 16;
  static final int ADDRESS_PORT = 20;
  static final int ADDRESS_FAMILY = 22;

  static final int OPTION_COUNT = 9;
  static final int CONFIG_DEVICE = OPTION_COUNT * Long.BYTES;
  static final int DEVICE_SIZE = 16;
  static final int CONFIG_SOURCE = CONFIG_DEVICE + DEVICE_SIZE;
  static final int CONFIG_SIZE = CONFIG_SOURCE + ADDRESS_SIZE;

  static final int WATCH_CONFIG_SIZE = 32;
  static final int WATCH_CONFIG_SUSPECT_PROBES = 4;
  static final int WATCH_CONFIG_LIVENESS = 8;
  static final int WATCH_CONFIG_PROBE_INTERVAL_NS = 16;
  static final int WATCH_CONFIG_PROBE_DEADLINE_NS = 24;

  static final int EVENT_TOKEN = 0;
  static final int EVENT_VERDICT_NS = 8;
  static final int EVENT_LAST_HEARD_NS = 16;
  static final int EVENT_FD = 24;
  static final int EVENT_TYPE = 28;
  static final int EVENT_CAUSE = 32;
  static final int EVENT_ERROR = 36;
  static final int EVENT_PROBES = 40;
  static final int EVENT_BYTE = 44;
  static final int EVENT_TCP_INFO_LENGTH = 48;
  static final int EVENT_TCP_INFO = 56;
  static final int TCP_INFO_SIZE = 256;
  static final int EVENT_SIZE = EVENT_TCP_INFO + TCP_INFO_SIZE;

  private Layout() {}
}
