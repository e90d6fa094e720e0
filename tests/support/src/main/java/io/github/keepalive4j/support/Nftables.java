package io.github.keepalive4j.support;

import java.util.stream.Stream;

/** Runs programs as on a machine where nftables is not installed. */
public final class Nftables {
  /** In mount namespaces of their own, neither the file nor the labs are seen by others. */
  private static final String HIDE =
      """
      for file in $(/sbin/ldconfig -p | sed -n 's/.*libnftables.* => //p'); do
        mount --bind /dev/null "$file"
      done
      mkdir -p /run/netns
      mount -t tmpfs none /run/netns
      exec "$0" "$@"
      """;

  private Nftables() {}

  /** Returns a command that runs another without nftables. */
  public static String[] hidden(String... command) {
    return Stream.concat(Stream.of("unshare", "--mount", "sh", "-ec", HIDE), Stream.of(command))
        .toArray(String[]::new);
  }
}
