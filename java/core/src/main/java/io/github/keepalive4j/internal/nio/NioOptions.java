package io.github.keepalive4j.internal.nio;

import io.github.keepalive4j.KeepaliveOptions;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.net.SocketOption;
import java.net.StandardSocketOptions;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import jdk.net.ExtendedSocketOptions;

/** The options that the JDK can set. */
final class NioOptions {
  static final String MD5_KEY = "md5Key (TCP_MD5SIG)";
  static final String SINGLE_HOP = "singleHop (IP_MINTTL)";

  private NioOptions() {}

  /** Throws if the JDK can't set an option; the message names it. */
  static void check(KeepaliveOptions options) {
    refuse("userTimeout (TCP_USER_TIMEOUT)", options.userTimeout().isPresent());
    refuse("synCount (TCP_SYNCNT)", options.synCount().isPresent());
    refuse("device (SO_BINDTODEVICE)", options.device().isPresent());
    refuse("mark (SO_MARK)", options.mark().isPresent());
    refuse("rtoMin (TCP_RTO_MIN_US)", options.rtoMin().isPresent());
    refuse(MD5_KEY, options.md5Key().isPresent());
    refuse(SINGLE_HOP, options.singleHop());
    refuse("probe (tcpi_unacked)", options.probeInterval().isPresent());
    refuse("failWithoutCarrier (rtnetlink)", options.failWithoutCarrier());
    refuse("suspectAfter (tcpi_probes)", options.suspectAfter().orElse(0) > 0);
  }

  /** Throws if one option is asked for. */
  static void refuse(String option, boolean asked) {
    if (asked) {
      throw new UnsupportedOperationException(
          "the JDK transport can't honour " + option + "; use the native transport");
    }
  }

  static void apply(SocketChannel channel, KeepaliveOptions options) throws IOException {
    channel.configureBlocking(false);
    set(channel, StandardSocketOptions.SO_KEEPALIVE, true);
    set(channel, ExtendedSocketOptions.TCP_KEEPCOUNT, options.count());
    set(channel, ExtendedSocketOptions.TCP_KEEPIDLE, (int) options.idle().toSeconds());
    set(channel, ExtendedSocketOptions.TCP_KEEPINTERVAL, (int) options.interval().toSeconds());
    if (options.noDelay()) {
      set(channel, StandardSocketOptions.TCP_NODELAY, true);
    }
    if (options.sourceAddress().isPresent()) {
      channel.bind(options.sourceAddress().get());
    }
  }

  /** The JDK's message doesn't name the option. */
  private static <T> void set(SocketChannel channel, SocketOption<T> option, T value)
      throws IOException {
    try {
      channel.setOption(option, value);
    } catch (SocketException e) {
      throw new IOException(option.name() + ": " + e.getMessage(), e);
    }
  }

  static KeepaliveOptions effective(SocketChannel channel) throws IOException {
    return KeepaliveOptions.builder()
        .count(channel.getOption(ExtendedSocketOptions.TCP_KEEPCOUNT))
        .idle(Duration.ofSeconds(channel.getOption(ExtendedSocketOptions.TCP_KEEPIDLE)))
        .interval(Duration.ofSeconds(channel.getOption(ExtendedSocketOptions.TCP_KEEPINTERVAL)))
        .noDelay(channel.getOption(StandardSocketOptions.TCP_NODELAY))
        .sourceAddress((InetSocketAddress) channel.getLocalAddress())
        .build();
  }
}
