package io.github.keepalive4j.internal.shim;

import io.github.keepalive4j.FailureCause;
import io.github.keepalive4j.TcpInfo;
import io.github.keepalive4j.internal.LinkEvent;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** {@code struct ka_event} and {@link LinkEvent}. */
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

  static LinkEvent decode(byte[] event) {
    return decode(ByteBuffer.wrap(event).order(ByteOrder.nativeOrder()), 0);
  }

  static LinkEvent decode(ByteBuffer events, int offset) {
    LinkEvent.Type type = TYPES[events.getInt(offset + Layout.EVENT_TYPE) - 1];
    return new LinkEvent(
        type,
        type == LinkEvent.Type.LEFT
            ? FailureCause.LEFT
            : CAUSES[events.getInt(offset + Layout.EVENT_CAUSE)],
        events.getInt(offset + Layout.EVENT_ERROR),
        events.getInt(offset + Layout.EVENT_PROBES),
        events.getInt(offset + Layout.EVENT_BYTE),
        events.getLong(offset + Layout.EVENT_VERDICT_NS),
        events.getLong(offset + Layout.EVENT_LAST_HEARD_NS),
        tcpInfo(events, offset));
  }

  private static TcpInfo tcpInfo(ByteBuffer events, int offset) {
    int length = events.getInt(offset + Layout.EVENT_TCP_INFO_LENGTH);
    return length == 0
        ? null
        : TcpInfoLayout.decode(events, offset + Layout.EVENT_TCP_INFO, length);
  }

  /** Loads the classes that the first failure takes, which would otherwise cost it several ms. */
  static void rehearse() {
    ByteBuffer event = ByteBuffer.allocate(Layout.EVENT_SIZE).order(ByteOrder.nativeOrder());
    event.putInt(Layout.EVENT_TYPE, 1);
    event.putInt(Layout.EVENT_TCP_INFO_LENGTH, Layout.TCP_INFO_SIZE);
    event.put(Layout.EVENT_TCP_INFO, (byte) 1);
    decode(event, 0);
  }
}
