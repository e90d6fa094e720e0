package io.github.keepalive4j.internal.shim;

import io.github.keepalive4j.TcpInfo;
import java.nio.ByteBuffer;

/**
 * The kernel's {@code struct tcp_info}, whose offsets are part of the kernel's ABI: it grows at its
 * end only.
 */
final class TcpInfoLayout {
  private static final TcpInfo.State[] STATES = TcpInfo.State.values();

  private TcpInfoLayout() {}

  static TcpInfo decode(ByteBuffer buffer, int offset, int length) {
    Fields fields = new Fields(buffer, offset, length);
    return new TcpInfo(
        STATES[fields.u8(0) - 1],
        fields.u8(2),
        fields.u8(3),
        fields.u8(4),
        fields.u32(8),
        fields.u32(16),
        fields.u32(24),
        fields.u32(32),
        fields.u32(36),
        fields.u32(44),
        fields.u32(52),
        fields.u32(56),
        fields.u32(60),
        fields.u32(68),
        fields.u32(72),
        fields.u32(80),
        fields.u32(100),
        fields.s64(120),
        fields.s64(128),
        fields.u32(136),
        fields.u32(140),
        fields.u32(148));
  }

  /** Reads fields; one beyond the length that the kernel returned is -1. */
  private record Fields(ByteBuffer buffer, int offset, int length) {
    int u8(int at) {
      return at + 1 > length ? -1 : Byte.toUnsignedInt(buffer.get(offset + at));
    }

    long u32(int at) {
      return at + Integer.BYTES > length ? -1 : Integer.toUnsignedLong(buffer.getInt(offset + at));
    }

    long s64(int at) {
      return at + Long.BYTES > length ? -1 : buffer.getLong(offset + at);
    }
  }
}
