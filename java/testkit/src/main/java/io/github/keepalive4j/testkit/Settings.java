package io.github.keepalive4j.testkit;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** The kernel parameters that make a namespace fit for a lab. */
final class Settings {
  /** Addresses are usable at once, and each rejected packet is answered. */
  private static final Map<String, String> VALUES =
      Map.of(
          "ipv6/conf/all/accept_dad", "0",
          "ipv6/conf/default/accept_dad", "0",
          "ipv4/icmp_ratemask", "0",
          "ipv6/icmp/ratelimit", "0");

  private Settings() {}

  /** Applies them to the namespace of the calling thread; devices made later take them over. */
  static void apply() throws IOException {
    for (Map.Entry<String, String> setting : VALUES.entrySet()) {
      Files.writeString(Path.of("/proc/sys/net", setting.getKey()), setting.getValue());
    }
  }
}
