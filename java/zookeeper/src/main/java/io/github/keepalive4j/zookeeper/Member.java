package io.github.keepalive4j.zookeeper;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.HexFormat;
import java.util.Optional;
import java.util.UUID;

/**
 * A backup's link, as a node below the record names it. A holder in failsafe mode asks each of
 * them.
 *
 * @param node the node's name, which no other member ever has
 * @param link the backup's address of the link, as the source sees it
 */
record Member(String node, InetSocketAddress link) {
  private static final String PREFIX = "member-";
  private static final int OWNER_LENGTH = 16;

  /** Returns a name for a guard that no other one has. */
  static String newOwner() {
    return randomHex().substring(0, OWNER_LENGTH);
  }

  static String randomHex() {
    return UUID.randomUUID().toString().replace("-", "");
  }

  /** Makes the member of a guard's link, with a fresh name. */
  static Member of(String owner, InetSocketAddress link) {
    String address = HexFormat.of().formatHex(link.getAddress().getAddress());
    return new Member(
        PREFIX + owner + randomHex().substring(OWNER_LENGTH) + "-" + address + "-" + link.getPort(),
        link);
  }

  static boolean isMember(String node) {
    return node.startsWith(PREFIX);
  }

  /** Reads a node's name; returns empty if a member has another form. */
  static Optional<Member> parse(String node) {
    String[] words = node.split("-", -1);
    try {
      InetAddress address = InetAddress.getByAddress(HexFormat.of().parseHex(words[2]));
      return Optional.of(
          new Member(node, new InetSocketAddress(address, Integer.parseInt(words[3]))));
    } catch (IllegalArgumentException | IndexOutOfBoundsException | UnknownHostException e) {
      return Optional.empty();
    }
  }

  /** Tells whether it is a link of that guard. */
  boolean isOf(String owner) {
    return node.startsWith(PREFIX + owner);
  }
}
