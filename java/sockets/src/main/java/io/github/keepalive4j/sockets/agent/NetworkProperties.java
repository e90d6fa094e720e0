package io.github.keepalive4j.sockets.agent;

import java.util.ArrayList;
import java.util.List;

/**
 * Properties that the JDK reads at its first address. If the rules name a network, that one is the
 * agent's, before the application can set them.
 */
final class NetworkProperties {
  private static final List<String> NAMES =
      List.of("java.net.preferIPv4Stack", "java.net.preferIPv6Addresses");

  private final List<String> read = values();

  private static List<String> values() {
    List<String> values = new ArrayList<>();
    for (String name : NAMES) {
      values.add(String.valueOf(System.getProperty(name)));
    }
    return values;
  }

  /** Names those that the application has set meanwhile, on the standard error. */
  void warnOfChanges() {
    List<String> now = values();
    for (int i = 0; i < NAMES.size(); i++) {
      if (!now.get(i).equals(read.get(i))) {
        System.err.println(
            "keepalive4j-sockets: the program has set "
                + NAMES.get(i)
                + " too late, because the rules name a network: give the JVM -D"
                + NAMES.get(i)
                + "="
                + now.get(i));
      }
    }
  }
}
