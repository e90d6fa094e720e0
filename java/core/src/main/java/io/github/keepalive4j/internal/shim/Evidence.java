package io.github.keepalive4j.internal.shim;

import io.github.keepalive4j.TcpInfo;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.function.Supplier;

/** The {@code struct tcp_info} in an event, decoded only for whoever asks. */
final class Evidence implements Supplier<TcpInfo> {
  private final long[] event;
  private final int length;

  Evidence(long[] event, int length) {
    this.event = event;
    this.length = length;
  }

  @Override
  public TcpInfo get() {
    ByteBuffer bytes = ByteBuffer.allocate(Layout.EVENT_SIZE).order(ByteOrder.nativeOrder());
    bytes.asLongBuffer().put(event);
    return TcpInfoLayout.decode(bytes, Layout.EVENT_TCP_INFO, length);
  }
}
