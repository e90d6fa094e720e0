package io.github.keepalive4j.internal.shim;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

/** {@code struct ka_address} and {@link InetSocketAddress}. */
final class AddressLayout {
  private AddressLayout() {}

  static byte[] encode(InetSocketAddress address) {
    byte[] bytes = new byte[Layout.ADDRESS_SIZE];
    put(ByteBuffer.wrap(bytes).order(ByteOrder.nativeOrder()), 0, address);
    return bytes;
  }

  static void put(ByteBuffer buffer, int offset, InetSocketAddress address) {
    InetAddress ip = address.getAddress();
    buffer.put(offset, ip.getAddress());
    buffer.putInt(
        offset + Layout.ADDRESS_SCOPE_ID, ip instanceof Inet6Address ip6 ? ip6.getScopeId() : 0);
    buffer.putShort(offset + Layout.ADDRESS_PORT, (short) address.getPort());
    buffer.putShort(offset + Layout.ADDRESS_FAMILY, (short) family(address));
  }

  static int family(InetSocketAddress address) {
    return address.getAddress() instanceof Inet6Address ? 6 : 4;
  }

  static InetSocketAddress decode(byte[] bytes) {
    return get(ByteBuffer.wrap(bytes).order(ByteOrder.nativeOrder()), 0);
  }

  static InetSocketAddress get(ByteBuffer buffer, int offset) {
    int family = buffer.getShort(offset + Layout.ADDRESS_FAMILY);
    byte[] ip = new byte[16];
    buffer.get(offset, ip);
    int port = Short.toUnsignedInt(buffer.getShort(offset + Layout.ADDRESS_PORT));
    return new InetSocketAddress(
        toInetAddress(family, ip, buffer.getInt(offset + Layout.ADDRESS_SCOPE_ID)), port);
  }

  private static InetAddress toInetAddress(int family, byte[] ip, int scopeId) {
    try {
      if (family == 4) {
        return InetAddress.getByAddress(Arrays.copyOf(ip, 4));
      }
      return scopeId == 0
          ? InetAddress.getByAddress(ip)
          : Inet6Address.getByAddress(null, ip, scopeId);
    } catch (UnknownHostException e) {
      throw new AssertionError("4 and 16 bytes are an address", e);
    }
  }
}
