package io.github.keepalive4j.cli.sockets;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The peers of sockets that are still connecting, by the sockets' inodes. getpeername(2) doesn't
 * tell them, but the kernel's table of a network namespace does.
 */
final class ConnectingPeers {
  private static final String SYN_SENT = "02";
  private static final int REMOTE = 2; // columns
  private static final int STATE = 3;
  private static final int INODE = 9;

  private ConnectingPeers() {}

  /**
   * Reads a table.
   *
   * @param folder such as {@code /proc/PID/net}, or {@code /proc/thread-self/net} for the calling
   *     thread's namespace
   */
  static Map<Long, InetSocketAddress> read(Path folder) {
    Map<Long, InetSocketAddress> peers = new HashMap<>();
    for (String table : List.of("tcp", "tcp6")) {
      try {
        Files.readAllLines(folder.resolve(table)).forEach(line -> add(line, peers));
      } catch (IOException e) {
        // the process is gone, or the kernel is without IPv6
      }
    }
    return peers;
  }

  private static void add(String line, Map<Long, InetSocketAddress> peers) {
    String[] columns = line.strip().split("\\s+", -1);
    if (columns.length > INODE && columns[STATE].equals(SYN_SENT)) {
      peers.put(Long.parseLong(columns[INODE]), address(columns[REMOTE]));
    }
  }

  /** Each 32 bits of the address are in hexadecimal, in the machine's byte order. */
  private static InetSocketAddress address(String text) {
    int colon = text.indexOf(':');
    ByteBuffer address = ByteBuffer.allocate(colon / 2).order(ByteOrder.nativeOrder());
    for (int i = 0; i < colon; i += 2 * Integer.BYTES) {
      address.putInt(Integer.parseUnsignedInt(text.substring(i, i + 2 * Integer.BYTES), 16));
    }
    try {
      return new InetSocketAddress(
          InetAddress.getByAddress(address.array()),
          Integer.parseInt(text.substring(colon + 1), 16));
    } catch (IOException e) {
      throw new AssertionError("4 and 16 octets are an address", e);
    }
  }
}
