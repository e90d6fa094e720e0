package io.github.keepalive4j.internal.shim;

import io.github.keepalive4j.TcpInfo;
import io.github.keepalive4j.internal.Evidence;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.OptionalLong;

/** The evidence in an event, decoded only when asked for. */
final class EventEvidence implements Evidence {
  private final long[] event;
  private final int tcpInfoLength;

  EventEvidence(long[] event, int tcpInfoLength) {
    this.event = event;
    this.tcpInfoLength = tcpInfoLength;
  }

  @Override
  public OptionalLong lastHeardNs() {
    return OptionalLong.of(event[Layout.EVENT_LAST_HEARD_NS]);
  }

  @Override
  public TcpInfo tcpInfo() {
    ByteBuffer bytes = ByteBuffer.allocate(Layout.EVENT_SIZE).order(ByteOrder.nativeOrder());
    bytes.asLongBuffer().put(event);
    bytes.position(Layout.EVENT_TCP_INFO).limit(Layout.EVENT_TCP_INFO + tcpInfoLength);
    return TcpInfo.of(bytes);
  }
}
