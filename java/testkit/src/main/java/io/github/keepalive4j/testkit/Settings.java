package io.github.keepalive4j.testkit;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** The kernel parameters of a lab's namespaces. */
final class Settings {
  /** Addresses are usable at once, and each rejected packet is answered. */
  private static final Map<String, String> VALUES =
      Map.of(
          "ipv6/conf/all/accept_dad", "0",
          "ipv6/conf/default/accept_dad", "0",
          "ipv4/icmp_ratemask", "0",
          "ipv6/icmp/ratelimit", "0");

  private Settings() {}

  /** Sets them in the namespace of the calling thread. Devices made later inherit them. */
  static void apply() throws IOException {
    for (Map.Entry<String, String> setting : VALUES.entrySet()) {
      Files.writeString(Path.of("/proc/sys/net", setting.getKey()), setting.getValue());
    }
  }
}
