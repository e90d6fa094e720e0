package io.github.keepalive4j.internal.shim;

import io.github.keepalive4j.IpNetwork;
import io.github.keepalive4j.Md5Key;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Map;

/** {@code struct ka_md5_key} and {@link Md5Key}; the caller wipes what is encoded after use. */
final class Md5KeyLayout {
  private Md5KeyLayout() {}

  static byte[] encode(Map<IpNetwork, Md5Key> keys) {
    byte[] bytes = new byte[keys.size() * Layout.MD5_KEY_SIZE];
    ByteBuffer buffer = ByteBuffer.wrap(bytes).order(ByteOrder.nativeOrder());
    int offset = 0;
    for (Map.Entry<IpNetwork, Md5Key> entry : keys.entrySet()) {
      put(buffer, offset, entry.getKey(), entry.getValue());
      offset += Layout.MD5_KEY_SIZE;
    }
    return bytes;
  }

  /** Encodes the key of one peer. */
  static byte[] encode(InetAddress peer, Md5Key key) {
    return encode(Map.of(IpNetwork.of(peer, peer.getAddress().length * Byte.SIZE), key));
  }

  private static void put(ByteBuffer buffer, int offset, IpNetwork network, Md5Key key) {
    byte[] octets = key.toBytes();
    AddressLayout.put(buffer, offset, new InetSocketAddress(network.address(), 0));
    buffer.putInt(offset + Layout.MD5_KEY_PREFIX_LENGTH, network.prefixLength());
    buffer.putInt(offset + Layout.MD5_KEY_LENGTH, octets.length);
    buffer.put(offset + Layout.MD5_KEY_KEY, octets);
    Arrays.fill(octets, (byte) 0);
  }
}
