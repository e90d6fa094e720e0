package io.github.keepalive4j.internal.shim;

/**
 * The offsets in {@code keepalive4j.h}'s structures. {@code layout.c} checks them when it is
 * compiled; a change changes the ABI version.
 */
final class Layout {
  static final int ABI_VERSION = 12;
  static final int UNSET = -1;

  static final int ADDRESS_SIZE = 24;
  static final int ADDRESS_SCOPE_ID = 16;
  static final int ADDRESS_PORT = 20;
  static final int ADDRESS_FAMILY = 22;

  static final int OPTION_COUNT = 10;
  static final int CONFIG_DEVICE = OPTION_COUNT * Long.BYTES;
  static final int DEVICE_SIZE = 16;
  static final int CONFIG_SOURCE = CONFIG_DEVICE + DEVICE_SIZE;
  static final int CONFIG_SIZE = CONFIG_SOURCE + ADDRESS_SIZE;

  static final int MD5_KEY_PREFIX_LENGTH = ADDRESS_SIZE;
  static final int MD5_KEY_LENGTH = MD5_KEY_PREFIX_LENGTH + Integer.BYTES;
  static final int MD5_KEY_KEY = MD5_KEY_LENGTH + Integer.BYTES;
  static final int MD5_KEY_SIZE = MD5_KEY_KEY + 80;

  static final int LISTEN_CONFIG_BACKLOG = 0;
  static final int LISTEN_CONFIG_V6ONLY = 4;
  static final int LISTEN_CONFIG_SINGLE_HOP = 8;
  static final int LISTEN_CONFIG_KEY_COUNT = 12;
  static final int LISTEN_CONFIG_SIZE = 16;

  static final int WATCH_CONFIG_SIZE = 40;
  static final int WATCH_CONFIG_SUSPECT_PROBES = 4;
  static final int WATCH_CONFIG_LIVENESS = 8;
  static final int WATCH_CONFIG_DEFER_EVIDENCE = 12;
  static final int WATCH_CONFIG_PROBE_INTERVAL_NS = 16;
  static final int WATCH_CONFIG_PROBE_DEADLINE_NS = 24;
  static final int WATCH_CONFIG_INTERFACE = 32;

  static final int OBSERVATION_SIZE = 80;
  static final int OBSERVATION_WORDS = OBSERVATION_SIZE / Long.BYTES;

  /** Words of an event, each of 64 bits and of one field or two of 32 bits. */
  static final int EVENT_TOKEN = 0;

  static final int EVENT_VERDICT_NS = 1;
  static final int EVENT_LAST_HEARD_NS = 2;
  static final int EVENT_FD_TYPE = 3;
  static final int EVENT_CAUSE_ERROR = 4;
  static final int EVENT_PROBES_BYTE = 5;
  static final int EVENT_TCP_INFO_LENGTH = 6;
  static final int EVENT_TCP_INFO_WORD = 7;
  static final int EVENT_TCP_INFO = EVENT_TCP_INFO_WORD * Long.BYTES;
  static final int TCP_INFO_SIZE = 256;
  static final int EVENT_SIZE = EVENT_TCP_INFO + TCP_INFO_SIZE;
  static final int EVENT_WORDS = EVENT_SIZE / Long.BYTES;

  /** Words of a socket's identity: its cookie, and its descriptor. */
  private Layout() {}
}
