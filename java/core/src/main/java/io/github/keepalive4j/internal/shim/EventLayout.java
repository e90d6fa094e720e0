package io.github.keepalive4j.internal.shim;

import io.github.keepalive4j.FailureCause;
import io.github.keepalive4j.internal.Evidence;
import io.github.keepalive4j.internal.LinkEvent;
import io.github.keepalive4j.internal.NoEvidence;
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
    int start = index * Layout.EVENT_WORDS;
    boolean withoutTcpInfo = low(events.get(start + Layout.EVENT_TCP_INFO_LENGTH)) == 0;
    long[] words = new long[withoutTcpInfo ? Layout.EVENT_TCP_INFO_WORD : Layout.EVENT_WORDS];
    events.get(start, words);
    return words;
  }

  /** Begins an event that {@link Shim#ka_evidence} completes. */
  static long[] ofVerdictAt(long verdictNs) {
    long[] words = new long[Layout.EVENT_WORDS];
    words[Layout.EVENT_VERDICT_NS] = verdictNs;
    return words;
  }

  static LinkEvent decode(byte[] event) {
    return decode(
        copy(ByteBuffer.wrap(event).order(ByteOrder.nativeOrder()).asLongBuffer(), 0), null);
  }

  /**
   * Decodes an event.
   *
   * @param deferred the link that is asked for evidence which has been deferred, or null where none
   *     is
   */
  static LinkEvent decode(long[] words, ShimLink deferred) {
    LinkEvent.Type type = type(words);
    return new LinkEvent(
        type,
        type == LinkEvent.Type.LEFT
            ? FailureCause.LEFT
            : CAUSES[low(words[Layout.EVENT_CAUSE_ERROR])],
        high(words[Layout.EVENT_CAUSE_ERROR]),
        low(words[Layout.EVENT_PROBES_BYTE]),
        high(words[Layout.EVENT_PROBES_BYTE]),
        words[Layout.EVENT_VERDICT_NS],
        evidence(words, deferred));
  }

  /** Returns an event's evidence; {@code deferred} as {@link #decode(long[], ShimLink)}. */
  static Evidence evidence(long[] words, ShimLink deferred) {
    int tcpInfoLength = low(words[Layout.EVENT_TCP_INFO_LENGTH]);
    if (tcpInfoLength > 0) {
      return new EventEvidence(words, tcpInfoLength);
    }
    return deferred == null
        ? NoEvidence.INSTANCE
        : new DeferredEvidence(deferred, words[Layout.EVENT_VERDICT_NS]);
  }

  static LinkEvent.Type type(long[] words) {
    return TYPES[high(words[Layout.EVENT_FD_TYPE]) - 1];
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
    decode(copy(LongBuffer.wrap(words), 0), new ShimLink());
    words[Layout.EVENT_TCP_INFO_LENGTH] = Layout.TCP_INFO_SIZE;
    words[Layout.EVENT_TCP_INFO_WORD] = 1;
    decode(copy(LongBuffer.wrap(words), 0), null).evidence().tcpInfo();
  }
}
