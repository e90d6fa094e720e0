package io.github.keepalive4j.internal.shim;

import io.github.keepalive4j.KeepaliveOptions;
import io.github.keepalive4j.internal.EffectiveOptions;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;

/** {@code struct ka_config} and {@link KeepaliveOptions}. */
final class ConfigLayout {
  private ConfigLayout() {}

  static byte[] encode(KeepaliveOptions options) {
    ByteBuffer config = ByteBuffer.allocate(Layout.CONFIG_SIZE).order(ByteOrder.nativeOrder());
    put(config, Option.SO_KEEPALIVE, 1);
    put(config, Option.TCP_KEEPCNT, options.count());
    put(config, Option.TCP_KEEPIDLE, options.idle().toSeconds());
    put(config, Option.TCP_KEEPINTVL, options.interval().toSeconds());
    put(config, Option.TCP_USER_TIMEOUT, userTimeoutMs(options));
    put(config, Option.TCP_SYNCNT, options.synCount().orElse(Layout.UNSET));
    put(config, Option.TCP_NODELAY, options.noDelay() ? 1 : Layout.UNSET);
    put(config, Option.SO_MARK, options.mark().orElse(Layout.UNSET));
    put(
        config,
        Option.TCP_RTO_MIN_US,
        options.rtoMin().map(ConfigLayout::micros).orElse((long) Layout.UNSET));
    put(config, Option.IP_MINTTL, options.singleHop() ? 1 : Layout.UNSET);
    options
        .device()
        .ifPresent(name -> config.put(Layout.CONFIG_DEVICE, name.getBytes(StandardCharsets.UTF_8)));
    options
        .sourceAddress()
        .ifPresent(address -> AddressLayout.put(config, Layout.CONFIG_SOURCE, address));
    return config.array();
  }

  /** Encodes what detects a dead peer, and leaves the rest as the kernel has it. */
  static byte[] encode(
      boolean keepAlive, int idleSeconds, int intervalSeconds, int count, int userTimeoutMs) {
    ByteBuffer config = ByteBuffer.allocate(Layout.CONFIG_SIZE).order(ByteOrder.nativeOrder());
    for (int i = 0; i < Layout.OPTION_COUNT; i++) {
      config.putLong(i * Long.BYTES, Layout.UNSET);
    }
    put(config, Option.SO_KEEPALIVE, keepAlive ? 1 : 0);
    put(config, Option.TCP_KEEPCNT, count);
    put(config, Option.TCP_KEEPIDLE, idleSeconds);
    put(config, Option.TCP_KEEPINTVL, intervalSeconds);
    put(config, Option.TCP_USER_TIMEOUT, userTimeoutMs);
    return config.array();
  }

  /** With probes it is the observer's: {@link ShimLink#beginObservation}. */
  private static long userTimeoutMs(KeepaliveOptions options) {
    return options.probeInterval().isPresent()
        ? Layout.UNSET
        : options.userTimeout().map(Duration::toMillis).orElse((long) Layout.UNSET);
  }

  /**
   * Reads back what {@link Shim#ka_effective} has filled; what the kernel doesn't know stays unset.
   */
  static EffectiveOptions decode(byte[] bytes) {
    ByteBuffer config = ByteBuffer.wrap(bytes).order(ByteOrder.nativeOrder());
    KeepaliveOptions.Builder options =
        KeepaliveOptions.builder()
            .count((int) get(config, Option.TCP_KEEPCNT))
            .idle(Duration.ofSeconds(get(config, Option.TCP_KEEPIDLE)))
            .interval(Duration.ofSeconds(get(config, Option.TCP_KEEPINTVL)))
            .userTimeout(Duration.ofMillis(get(config, Option.TCP_USER_TIMEOUT)))
            .synCount((int) get(config, Option.TCP_SYNCNT))
            .noDelay(get(config, Option.TCP_NODELAY) != 0)
            .mark(get(config, Option.SO_MARK));
    options.singleHop(get(config, Option.IP_MINTTL) == 1);
    String device = device(bytes);
    if (!device.isEmpty()) {
      options.device(device);
    }
    InetSocketAddress source = AddressLayout.get(config, Layout.CONFIG_SOURCE);
    return new EffectiveOptions(options.sourceAddress(source).build(), rtoMin(config));
  }

  private static Optional<Duration> rtoMin(ByteBuffer config) {
    long us = get(config, Option.TCP_RTO_MIN_US);
    return us == Layout.UNSET ? Optional.empty() : Optional.of(Duration.ofNanos(1_000 * us));
  }

  private static long micros(Duration duration) {
    return duration.toNanos() / 1_000;
  }

  private static String device(byte[] config) {
    int length = 0;
    while (config[Layout.CONFIG_DEVICE + length] != 0) {
      length++;
    }
    return new String(config, Layout.CONFIG_DEVICE, length, StandardCharsets.UTF_8);
  }

  private static void put(ByteBuffer config, Option option, long value) {
    config.putLong(option.offset(), value);
  }

  private static long get(ByteBuffer config, Option option) {
    return config.getLong(option.offset());
  }
}
