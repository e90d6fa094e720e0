package io.github.keepalive4j.internal.sockets;

import io.github.keepalive4j.TcpInfo;
import io.github.keepalive4j.internal.Errno;
import io.github.keepalive4j.internal.shim.LookLayout;
import java.util.Arrays;
import java.util.Objects;

/**
 * What sockets do now. Add them, have {@link SocketTable#look} fill in the rest, read, clear. What
 * is read of a socket with an error is undefined. Not thread-safe.
 */
public final class Looks {
  private static final TcpInfo.State[] STATES = TcpInfo.State.values();
  private static final long HALF = 0xFFFF_FFFFL;

  private long[] words = new long[16 * LookLayout.WORDS];
  private int size;

  /** Returns how many sockets were added. */
  public int size() {
    return size;
  }

  /** Adds a socket of the table that will look. */
  public void add(int fd, long identity) {
    add(fd, identity, true);
  }

  /**
   * Adds a socket.
   *
   * @param withOptions false to leave its options out, which takes half the time
   */
  public void add(int fd, long identity, boolean withOptions) {
    int needed = (size + 1) * LookLayout.WORDS;
    if (needed > words.length) {
      words = Arrays.copyOf(words, 2 * words.length);
    }
    int start = size * LookLayout.WORDS;
    words[start + LookLayout.COOKIE] = identity;
    words[start + LookLayout.FD_ERROR] = pair(fd, 0);
    words[start + LookLayout.SKIP_OPTIONS_STATE] = withOptions ? 0 : 1;
    size++;
  }

  /** Removes all. */
  public void clear() {
    size = 0;
  }

  /** Returns the descriptor that was added. */
  public int fd(int i) {
    return low(i, LookLayout.FD_ERROR);
  }

  /** Returns the identity that was added. */
  public long identity(int i) {
    return word(i, LookLayout.COOKIE);
  }

  /** Returns 0, or the kernel's error as -errno. */
  public int error(int i) {
    return high(i, LookLayout.FD_ERROR);
  }

  /** Tells whether the descriptor isn't this socket any more. */
  public boolean isGone(int i) {
    return error(i) == -Errno.ESTALE.number();
  }

  /** Tells whether the socket is of another kind than TCP. */
  public boolean isNotTcp(int i) {
    return error(i) == -Errno.EPROTOTYPE.number();
  }

  /** Returns the connection's state. */
  public TcpInfo.State state(int i) {
    return STATES[high(i, LookLayout.SKIP_OPTIONS_STATE) - 1];
  }

  /** Returns the options in effect; they are undefined if they were left out. */
  public SocketOptions options(int i) {
    return new SocketOptions(
        low(i, LookLayout.KEEPALIVE_IDLE) != 0,
        high(i, LookLayout.KEEPALIVE_IDLE),
        low(i, LookLayout.INTERVAL_COUNT),
        high(i, LookLayout.INTERVAL_COUNT),
        low(i, LookLayout.USER_TIMEOUT_PROBES));
  }

  /** Tells whether these options are in effect. Allocates nothing. */
  public boolean hasOptions(int i, SocketOptions expected) {
    return word(i, LookLayout.KEEPALIVE_IDLE)
            == pair(expected.keepAlive() ? 1 : 0, expected.idleSeconds())
        && word(i, LookLayout.INTERVAL_COUNT) == pair(expected.intervalSeconds(), expected.count())
        && low(i, LookLayout.USER_TIMEOUT_PROBES) == expected.userTimeoutMs();
  }

  /** Returns how many segments are sent and not acknowledged. */
  public long unacked(int i) {
    return word(i, LookLayout.UNACKED);
  }

  /** Returns how many bytes were written and not sent, or -1 where the kernel doesn't tell. */
  public long notSent(int i) {
    return word(i, LookLayout.NOT_SENT);
  }

  /** Returns how many bytes were written and not acknowledged ({@code SIOCOUTQ}). */
  public long queuedBytes(int i) {
    return word(i, LookLayout.QUEUED_BYTES);
  }

  /** Returns the window that the peer last offered, in bytes, or -1 where the kernel has none. */
  public long sendWindow(int i) {
    return word(i, LookLayout.SEND_WINDOW);
  }

  /** Returns how many probes are unanswered: of keepalive, or of a closed window. */
  public int probes(int i) {
    return high(i, LookLayout.USER_TIMEOUT_PROBES);
  }

  /** Returns how many retransmission timeouts in a row had no acknowledgement. */
  public int retransmits(int i) {
    return low(i, LookLayout.RETRANSMITS_BACKOFF);
  }

  /** Returns the exponent of the back-off of retransmissions or of probes of a closed window. */
  public int backoff(int i) {
    return high(i, LookLayout.RETRANSMITS_BACKOFF);
  }

  /** Returns the time since the last acknowledgement, in ms. */
  public long sinceAckMs(int i) {
    return word(i, LookLayout.SINCE_ACK_MS);
  }

  /** Returns the time since the peer was last heard, by acknowledgement or data, in ms. */
  public long sinceHeardMs(int i) {
    return word(i, LookLayout.SINCE_HEARD_MS);
  }

  /** Returns the time since data was last sent, also again, in ms. */
  public long sinceSentMs(int i) {
    return word(i, LookLayout.SINCE_SENT_MS);
  }

  /** Returns the retransmission timeout, in microseconds. */
  public long rtoUs(int i) {
    return word(i, LookLayout.RTO_US);
  }

  /** Returns what the shim fills in. */
  long[] words() {
    return words;
  }

  /** Notes that a socket can't be looked at. */
  void fail(int i, int errno) {
    words[at(i, LookLayout.FD_ERROR)] = pair(fd(i), -errno);
  }

  /** Takes over what was seen of a socket's duplicate. */
  void put(int i, Looks duplicates) {
    int fd = fd(i);
    int first = LookLayout.FD_ERROR;
    System.arraycopy(
        duplicates.words, duplicates.at(0, first), words, at(i, first), LookLayout.WORDS - first);
    words[at(i, first)] = pair(fd, duplicates.error(0));
  }

  /** Tells whether a socket was added with its options. */
  boolean isWithOptions(int i) {
    return low(i, LookLayout.SKIP_OPTIONS_STATE) == 0;
  }

  private static long pair(int low, int high) {
    return (low & HALF) | (long) high << Integer.SIZE;
  }

  private long word(int i, int word) {
    return words[at(i, word)];
  }

  private int low(int i, int word) {
    return (int) word(i, word);
  }

  private int high(int i, int word) {
    return (int) (word(i, word) >>> Integer.SIZE);
  }

  private int at(int i, int word) {
    return Objects.checkIndex(i, size) * LookLayout.WORDS + word;
  }
}
