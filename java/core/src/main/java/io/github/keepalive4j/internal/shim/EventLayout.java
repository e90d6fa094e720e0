package io.github.keepalive4j.internal.shim;

import io.github.keepalive4j.FailureCause;
import io.github.keepalive4j.internal.Evidence;
import io.github.keepalive4j.internal.LinkEvent;
import io.github.keepalive4j.internal.NoEvidence;
import java.nio.LongBuffer;

/**
 * {@code struct ka_event} and {@link LinkEvent}.
 *
 * <p>An event is read as aligned 64-bit words. Reading it by field through a {@link
 * java.nio.ByteBuffer} takes three times as long in code that is not compiled, because it has
 * hardly ever run.
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
    FailureCause.HUNG,
    FailureCause.NO_CARRIER,
    FailureCause.WORKLOAD_ENDED
  };

  private EventLayout() {}

  /** Makes room for an event that the shim fills. */
  static long[] empty() {
    return new long[Layout.EVENT_WORDS];
  }

  /** Begins an event that {@link Shim#ka_evidence} completes. */
  static long[] ofVerdictAt(long verdictNs) {
    long[] words = empty();
    words[Layout.EVENT_VERDICT_NS] = verdictNs;
    return words;
  }

  /**
   * Decodes a single event.
   *
   * @param words kept by its evidence from now on
   * @param deferred the link to ask for deferred evidence, or null if there is none
   */
  static LinkEvent decode(long[] words, ShimLink deferred) {
    return decode(
        words[Layout.EVENT_FD_TYPE],
        words[Layout.EVENT_CAUSE_ERROR],
        words[Layout.EVENT_PROBES_BYTE],
        words[Layout.EVENT_VERDICT_NS],
        hasEvidence(words[Layout.EVENT_TCP_INFO_LENGTH])
            ? evidence(words)
            : deferred(deferred, words[Layout.EVENT_VERDICT_NS]));
  }

  /**
   * Decodes one of several events. The buffer may be filled again afterwards.
   *
   * @param start where it begins
   * @param deferred as above
   */
  static LinkEvent decode(LongBuffer events, int start, ShimLink deferred) {
    return decode(
        events.get(start + Layout.EVENT_FD_TYPE),
        events.get(start + Layout.EVENT_CAUSE_ERROR),
        events.get(start + Layout.EVENT_PROBES_BYTE),
        events.get(start + Layout.EVENT_VERDICT_NS),
        hasEvidence(events.get(start + Layout.EVENT_TCP_INFO_LENGTH))
            ? evidence(copy(events, start))
            : deferred(deferred, events.get(start + Layout.EVENT_VERDICT_NS)));
  }

  private static LinkEvent decode(
      long fdAndType, long causeAndError, long probesAndByte, long verdictNs, Evidence evidence) {
    LinkEvent.Type type = typeOf(fdAndType);
    return new LinkEvent(
        type,
        type == LinkEvent.Type.LEFT ? FailureCause.LEFT : CAUSES[low(causeAndError)],
        high(causeAndError),
        low(probesAndByte),
        high(probesAndByte),
        verdictNs,
        evidence);
  }

  private static boolean hasEvidence(long tcpInfoLength) {
    return low(tcpInfoLength) > 0;
  }

  private static long[] copy(LongBuffer events, int start) {
    long[] words = empty();
    events.get(start, words);
    return words;
  }

  /** Returns the evidence in an event, and keeps the words. */
  static Evidence evidence(long[] words) {
    return new EventEvidence(words, low(words[Layout.EVENT_TCP_INFO_LENGTH]));
  }

  private static Evidence deferred(ShimLink link, long verdictNs) {
    return link == null ? NoEvidence.INSTANCE : new DeferredEvidence(link, verdictNs);
  }

  static LinkEvent.Type type(LongBuffer events, int start) {
    return typeOf(events.get(start + Layout.EVENT_FD_TYPE));
  }

  private static LinkEvent.Type typeOf(long fdAndType) {
    return TYPES[high(fdAndType) - 1];
  }

  static int fd(LongBuffer events, int start) {
    return low(events.get(start + Layout.EVENT_FD_TYPE));
  }

  static long token(LongBuffer events, int start) {
    return events.get(start + Layout.EVENT_TOKEN);
  }

  /** Returns the field that stands first in a word. */
  private static int low(long word) {
    return (int) word;
  }

  /** Returns the field that stands second in a word: x86 is little-endian. */
  private static int high(long word) {
    return (int) (word >>> Integer.SIZE);
  }

  /** Loads the classes of the first failure, which would otherwise take several ms longer. */
  static void warmUp() {
    long[] words = empty();
    words[Layout.EVENT_FD_TYPE] = 1L << Integer.SIZE;
    decode(LongBuffer.wrap(words), 0, new ShimLink());
    words[Layout.EVENT_TCP_INFO_LENGTH] = Layout.TCP_INFO_SIZE;
    words[Layout.EVENT_TCP_INFO_WORD] = 1;
    decode(LongBuffer.wrap(words), 0, null).evidence().tcpInfo();
  }
}
