package io.github.keepalive4j.testkit;

import com.sun.jna.Pointer;
import java.io.IOException;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The packet filter of one namespace. Each rule has a table of its own, so that rules come and go
 * independently.
 */
final class Firewall {
  /** The library does not promise that several contexts may be used at once. */
  private static final Object LIBRARY_LOCK = new Object();

  private static final String TABLE =
      """
      table inet %1$s {
        chain incoming {
          type filter hook prerouting priority -300; policy accept;
          icmpv6 type { nd-neighbor-solicit, nd-neighbor-advert } accept
          iifname "%2$s" %3$s
        }
      }
      """;

  private final Namespace namespace;
  private final AtomicLong tables = new AtomicLong();
  private Pointer context;

  Firewall(Namespace namespace) throws IOException {
    this.namespace = namespace;
    namespace.run(this::open);
    warmUp();
  }

  /**
   * Puts a rule in force for what comes in by the device, and returns the table to {@link #remove}
   * it by.
   */
  String add(String device, String rule) throws IOException {
    String table = "keepalive4j_" + tables.incrementAndGet();
    namespace.run(() -> execute(TABLE.formatted(table, device, rule)));
    return table;
  }

  void remove(String table) throws IOException {
    namespace.run(() -> execute("delete table inet " + table));
  }

  /** Releases the library's memory and its socket; the rules go with the namespace. */
  void close() {
    synchronized (LIBRARY_LOCK) {
      LibNftables.nft_ctx_free(context);
    }
  }

  /** The first rule takes the library and the kernel several times longer than the next. */
  private void warmUp() throws IOException {
    remove(add("lo", "accept"));
  }

  private void open() {
    synchronized (LIBRARY_LOCK) {
      context = LibNftables.nft_ctx_new(0);
      LibNftables.nft_ctx_buffer_output(context);
      LibNftables.nft_ctx_buffer_error(context);
    }
  }

  private void execute(String commands) throws IOException {
    synchronized (LIBRARY_LOCK) {
      int status = LibNftables.nft_run_cmd_from_buffer(context, commands);
      if (status != 0) {
        throw new CommandException(
            "nft " + commands,
            "failed with " + status,
            status,
            LibNftables.nft_ctx_get_error_buffer(context));
      }
    }
  }
}
