package io.github.keepalive4j.cli.doctor;

import io.github.keepalive4j.KeepaliveException;
import io.github.keepalive4j.KeepaliveOptions;
import io.github.keepalive4j.KeepaliveServer;
import io.github.keepalive4j.KeepaliveSocket;
import io.github.keepalive4j.Md5Key;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.UnaryOperator;

/**
 * An option that is set on a loopback link, and read back to see whether the kernel took it.
 *
 * @param option the option's name in the kernel
 * @param value the value to set, as {@code read} shows it
 * @param serve sets the value on the source, where both ends need it
 * @param set sets the value
 * @param read reads it back
 */
record OptionCheck(
    String option,
    String value,
    UnaryOperator<KeepaliveServer.Builder> serve,
    UnaryOperator<KeepaliveOptions.Builder> set,
    Function<KeepaliveOptions, Object> read) {

  /** The kernel shows nobody the key; a connection proves that both ends have it. */
  private static final Object UNREADABLE = new Object();

  private static final Md5Key KEY = Md5Key.of("doctor".getBytes(StandardCharsets.US_ASCII));

  static final List<OptionCheck> ALL =
      List.of(
          new OptionCheck(
              "TCP_KEEPIDLE", "7 s", set -> set.idle(Duration.ofSeconds(7)), OptionCheck::idle),
          new OptionCheck(
              "TCP_KEEPINTVL",
              "3 s",
              set -> set.interval(Duration.ofSeconds(3)),
              OptionCheck::interval),
          new OptionCheck("TCP_KEEPCNT", "4", set -> set.count(4), KeepaliveOptions::count),
          new OptionCheck(
              "TCP_USER_TIMEOUT",
              "1234 ms",
              set -> set.userTimeout(Duration.ofMillis(1234)),
              OptionCheck::userTimeout),
          new OptionCheck(
              "TCP_SYNCNT", "2", set -> set.synCount(2), read -> read.synCount().orElse(-1)),
          new OptionCheck(
              "TCP_NODELAY", "true", set -> set.noDelay(true), KeepaliveOptions::noDelay),
          new OptionCheck(
              "SO_BINDTODEVICE",
              "lo",
              set -> set.device("lo"),
              read -> read.device().orElse("none")),
          new OptionCheck("SO_MARK", "5", set -> set.mark(5), read -> read.mark().orElse(-1)),
          new OptionCheck(
              "source address",
              loopback().getHostAddress(),
              set -> set.sourceAddress(new InetSocketAddress(loopback(), 0)),
              OptionCheck::sourceAddress),
          new OptionCheck(
              "IP_MINTTL",
              "255",
              serve -> serve.singleHop(true),
              set -> set.singleHop(true),
              read -> read.singleHop() ? "255" : "none"),
          new OptionCheck(
              "TCP_MD5SIG",
              "a key",
              serve -> serve.md5Key(KEY),
              set -> set.md5Key(KEY),
              read -> UNREADABLE));

  private OptionCheck(
      String option,
      String value,
      UnaryOperator<KeepaliveOptions.Builder> set,
      Function<KeepaliveOptions, Object> read) {
    this(option, value, UnaryOperator.identity(), set, read);
  }

  /**
   * What came of a check.
   *
   * @param works whether the kernel took the option, or may for a user with more privileges
   * @param text the value read back and ok, or why not
   */
  record Result(boolean works, String text) {}

  Result run() throws IOException {
    try (KeepaliveServer server =
            serve.apply(KeepaliveServer.builder()).open(new InetSocketAddress(loopback(), 0));
        KeepaliveSocket link =
            KeepaliveSocket.connect(
                server.localAddress(), set.apply(KeepaliveOptions.builder()).build())) {
      return compare(read.apply(link.effectiveOptions()));
    } catch (UnsupportedOperationException e) {
      return new Result(false, e.getMessage());
    } catch (KeepaliveException e) {
      boolean notPermitted = e.errnoName().equals("EPERM");
      String outcome = notPermitted ? "not permitted to this user: " : "";
      return new Result(notPermitted, outcome + e.getMessage());
    }
  }

  private Result compare(Object got) {
    if (got == UNREADABLE) {
      return new Result(true, "which no program can read back; both ends connected: ok");
    }
    return String.valueOf(got).equals(value)
        ? new Result(true, "read back " + got + ": ok")
        : new Result(false, "read back " + got + ": the kernel has another value");
  }

  private static String idle(KeepaliveOptions options) {
    return options.idle().toSeconds() + " s";
  }

  private static String interval(KeepaliveOptions options) {
    return options.interval().toSeconds() + " s";
  }

  private static String userTimeout(KeepaliveOptions options) {
    return options.userTimeout().map(value -> value.toMillis() + " ms").orElse("none");
  }

  private static String sourceAddress(KeepaliveOptions options) {
    Optional<InetSocketAddress> address = options.sourceAddress();
    return address.map(value -> value.getAddress().getHostAddress()).orElse("none");
  }

  private static InetAddress loopback() {
    return InetAddress.getLoopbackAddress();
  }
}
