package io.github.keepalive4j.zookeeper;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Optional;

/**
 * A guard that may claim what nobody holds, as a node below the record names it. While it has no
 * link that is a {@link Member}, a holder in failsafe mode can't ask it.
 *
 * @param node the node's name, which no other guard and no other session has
 * @param owner the guard
 * @param name the guard's side, for people to read
 */
record Bystander(String node, String owner, String name) {
  private static final String PREFIX = "bystander-";

  /** Makes the node of a guard for one session. */
  static Bystander of(String owner, String name) {
    String text = HexFormat.of().formatHex(name.getBytes(StandardCharsets.UTF_8));
    return new Bystander(PREFIX + owner + "-" + Member.randomHex() + "-" + text, owner, name);
  }

  static boolean isBystander(String node) {
    return node.startsWith(PREFIX);
  }

  /** Reads a node's name; returns empty if it has another form. */
  static Optional<Bystander> parse(String node) {
    String[] words = node.split("-", -1);
    try {
      String name = new String(HexFormat.of().parseHex(words[3]), StandardCharsets.UTF_8);
      return Optional.of(new Bystander(node, words[1], name));
    } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
      return Optional.empty();
    }
  }
}
