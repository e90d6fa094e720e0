package io.github.keepalive4j.testkit;

import com.sun.jna.Pointer;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * The packet filter of one namespace. Each rule has a table of its own, so that rules come and go
 * independently. It is unavailable where nftables is missing.
 */
final class Firewall {
  private static final String NEEDS = "this fault needs nftables (apt-get install nftables): ";

  /** The library does not promise that several contexts may be used at once. */
  private static final Object LIBRARY_LOCK = new Object();

  /** A class whose loading has failed does not tell the cause a second time. */
  private static final Optional<LinkageError> NOT_LOADED = load();

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
  private final @Nullable Throwable unavailable;
  private @Nullable Pointer context;

  Firewall(Namespace namespace) {
    this.namespace = namespace;
    this.unavailable = NOT_LOADED.isPresent() ? NOT_LOADED.get() : tryOut();
  }

  boolean isAvailable() {
    return unavailable == null;
  }

  /**
   * Puts a rule in force for what comes in by the device, and returns the table to {@link #remove}
   * it by.
   *
   * @throws IOException if the firewall is unavailable, or the rule fails
   */
  String add(String device, String rule) throws IOException {
    if (!isAvailable()) {
      throw new IOException(NEEDS + unavailable.getMessage(), unavailable);
    }
    return addTable(device, rule);
  }

  private String addTable(String device, String rule) throws IOException {
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
      if (context != null) {
        LibNftables.nft_ctx_free(context);
      }
    }
  }

  /**
   * Adds and removes a rule, and returns the failure, or null. The first rule takes the library and
   * the kernel several times longer than the next, so it is not a fault's.
   */
  private @Nullable IOException tryOut() {
    try {
      namespace.run(this::open);
      remove(addTable("lo", "accept"));
      return null;
    } catch (IOException e) {
      return e;
    }
  }

  private static Optional<LinkageError> load() {
    try {
      LibNftables.load();
      return Optional.empty();
    } catch (LinkageError e) {
      return Optional.of(e);
    }
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
