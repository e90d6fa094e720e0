package io.github.keepalive4j.internal.shim;

/**
 * {@code struct ka_socket_look} as words of 64 bits, each of one field or two of 32 bits, of which
 * the lower half stands first.
 */
public final class LookLayout {
  public static final int COOKIE = 0;
  public static final int FD_ERROR = 1;
  public static final int SKIP_OPTIONS_STATE = 2;
  public static final int KEEPALIVE_IDLE = 3;
  public static final int INTERVAL_COUNT = 4;
  public static final int USER_TIMEOUT_PROBES = 5;
  public static final int RETRANSMITS_BACKOFF = 6;
  public static final int UNACKED = 7;
  public static final int NOT_SENT = 8;
  public static final int SEND_WINDOW = 9;
  public static final int QUEUED_BYTES = 10;
  public static final int SINCE_ACK_MS = 11;
  public static final int SINCE_HEARD_MS = 12;
  public static final int SINCE_SENT_MS = 13;
  public static final int RTO_US = 14;
  public static final int WORDS = 15;

  private LookLayout() {}
}
