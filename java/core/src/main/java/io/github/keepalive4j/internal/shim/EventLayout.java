package io.github.keepalive4j.internal.shim;

import io.github.keepalive4j.FailureCause;
import io.github.keepalive4j.internal.LinkEvent;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.LongBuffer;

/**
 * {@code struct ka_event} and {@link LinkEvent}.
 *
 * <p>An event is read as aligned 64-bit words. Field by field through a {@link ByteBuffer} it takes
 * three times as long where it matters: in code that has hardly ever run, and so is not compiled.
 */
final class EventLayout {
  private static final LinkEvent.Type[] TYPES = LinkEvent.Type.values();

  /** In the order of {@code enum ka_cause}, where the first is 1. */
  private static final FailureCause[] CAUSES = {
    null,
    FailureCause.TIMED_OUT,
    FailureCause.UNREACHABLE,
    FailureCause.RESET,
    FailureCause.CLOSED,
    FailureCause.ABORTED,
    FailureCause.HUNG
  };

  private EventLayout() {}

  /** Copies the words of an event, for its buffer will be filled again. */
  static long[] copy(LongBuffer events, int index) {
    long[] words = new long[Layout.EVENT_WORDS];
    events.get(index * Layout.EVENT_WORDS, words);
    return words;
  }

  static LinkEvent decode(byte[] event) {
    return decode(copy(ByteBuffer.wrap(event).order(ByteOrder.nativeOrder()).asLongBuffer(), 0));
  }

  static LinkEvent decode(long[] words) {
    LinkEvent.Type type = TYPES[high(words[Layout.EVENT_FD_TYPE]) - 1];
    int tcpInfoLength = low(words[Layout.EVENT_TCP_INFO_LENGTH]);
    return new LinkEvent(
        type,
        type == LinkEvent.Type.LEFT
            ? FailureCause.LEFT
            : CAUSES[low(words[Layout.EVENT_CAUSE_ERROR])],
        high(words[Layout.EVENT_CAUSE_ERROR]),
        low(words[Layout.EVENT_PROBES_BYTE]),
        high(words[Layout.EVENT_PROBES_BYTE]),
        words[Layout.EVENT_VERDICT_NS],
        words[Layout.EVENT_LAST_HEARD_NS],
        tcpInfoLength == 0 ? null : new Evidence(words, tcpInfoLength));
  }

  static int fd(long[] words) {
    return low(words[Layout.EVENT_FD_TYPE]);
  }

  static long token(long[] words) {
    return words[Layout.EVENT_TOKEN];
  }

  /** Returns the field that stands first in a word. */
  private static int low(long word) {
    return (int) word;
  }

  /** Returns the field that stands second in a word: x86 is little-endian. */
  private static int high(long word) {
    return (int) (word >>> Integer.SIZE);
  }

  /** Loads the classes that the first failure takes, which would otherwise cost it several ms. */
  static void rehearse() {
    long[] words = new long[Layout.EVENT_WORDS];
    words[Layout.EVENT_FD_TYPE] = 1L << Integer.SIZE;
    words[Layout.EVENT_TCP_INFO_LENGTH] = Layout.TCP_INFO_SIZE;
    words[Layout.EVENT_TCP_INFO / Long.BYTES] = 1;
    decode(copy(LongBuffer.wrap(words), 0)).tcpInfo();
  }
}
