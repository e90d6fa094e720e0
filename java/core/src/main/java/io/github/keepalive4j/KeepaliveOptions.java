package io.github.keepalive4j;

import io.github.keepalive4j.internal.EffectiveOptions;
import io.github.keepalive4j.internal.OptionsText;
import io.github.keepalive4j.internal.Providers;
import io.github.keepalive4j.internal.Range;
import io.github.keepalive4j.internal.sockets.Duplicate;
import io.github.keepalive4j.internal.timing.DetectionBudget;
import io.github.keepalive4j.internal.timing.KeepaliveTiming;
import io.github.keepalive4j.internal.timing.ProbeTiming;
import io.github.keepalive4j.internal.timing.TrafficBudget;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * How a link is probed, and what else is set on its socket before it connects. Immutable.
 *
 * <p>Ranges are the Linux kernel's (tcp(7)). A value outside its range is refused, never clamped.
 * An option that is not set keeps the kernel's default.
 */
public final class KeepaliveOptions {
  private static final int MAX_SECONDS = 32_767;
  private static final int MAX_COUNT = 127;
  private static final int MAX_DEVICE_BYTES = 15;
  private static final long MAX_MARK = 0xFFFF_FFFFL;
  private static final Duration LEAST_PROBE_TIME = Duration.ofMillis(1);
  private static final Duration MOST_PROBE_TIME = Duration.ofDays(1);
  private static final Duration MOST_RTO_MIN = Duration.ofMillis(200);
  private static final Duration MOST_RTO = Duration.ofMinutes(2);
  private static final KeepaliveOptions DEFAULTS = builder().build();

  private final Builder values;

  private KeepaliveOptions(Builder values) {
    this.values = values;
  }

  /**
   * Returns the default options: 5 probes, 1 s idle, 1 s apart. A silent source is given up 6 s
   * after it was last heard.
   */
  public static KeepaliveOptions defaults() {
    return DEFAULTS;
  }

  /**
   * Chooses options for a detection budget: {@link #detectWithin(Duration, Liveness)} with {@link
   * Liveness#HOST}.
   *
   * @param budget how long after the source fell silent the failover callback may come
   * @return options whose {@link #worstCaseDetection()} is within the budget
   * @throws IllegalArgumentException if this kernel can't keep the budget; the message names the
   *     smallest that it can
   * @throws UnsupportedOperationException if the budget takes probes and the pure-JDK path is in
   *     use
   * @throws UncheckedIOException if the budget takes probes and the kernel can't be asked for its
   *     timers now, for lack of a descriptor
   */
  public static KeepaliveOptions detectWithin(Duration budget) {
    return detectWithin(budget, Liveness.HOST);
  }

  /**
   * Chooses options for a detection budget, so that the loss of any single segment is survived.
   *
   * <p>From 3.375 s up, the kernel's keepalive alone keeps a {@link Liveness#HOST} budget. With a
   * shorter one it would take a single lost probe for a dead source. Below, and for {@link
   * Liveness#PROCESS}, the link carries one-byte probes, at an interval of up to a quarter of the
   * budget. The next probe waits until the last is acknowledged (or answered). The link fails when
   * that takes longer than the rest of the budget. The source must use this library: {@link
   * KeepaliveSocket#connectTo} refuses one that doesn't answer.
   *
   * <p>It also refuses a round trip with which a lost probe isn't made good in time. With a jiffy
   * of 4 ms that is more than 1 ms for a budget of 26 ms, 18 ms for 100 ms, and 240 ms for 1 s.
   * Only the first round trips are looked at. If the path becomes that long later, the budget is
   * kept, but a single loss may end the link.
   *
   * @param budget how long after the source fell silent the failover callback may come. The
   *     smallest is 26 ms on Linux 6.15 or later with a jiffy of 4 ms, and less with a shorter
   *     jiffy. Older kernels retransmit late: about 218 ms. The greatest is 54 days with {@link
   *     Liveness#HOST} and 32 hours with {@link Liveness#PROCESS}
   * @param liveness what the detection is to prove of the source
   * @return options whose {@link #worstCaseDetection()} is within the budget
   * @throws IllegalArgumentException if the budget is too small for this kernel or too great; the
   *     message names the smallest or the greatest
   * @throws UnsupportedOperationException if the budget takes probes and the pure-JDK path is in
   *     use
   * @throws UncheckedIOException if the budget takes probes and the kernel can't be asked for its
   *     timers now, for lack of a descriptor
   */
  public static KeepaliveOptions detectWithin(Duration budget, Liveness liveness) {
    DetectionBudget solver = new DetectionBudget(budget, liveness);
    return solver.isKeptByKeepalive()
        ? withKeepalive(solver.solveKeepalive())
        : withProbes(solver.solveProbes(Providers.get().kernelTimers()), liveness);
  }

  /**
   * Chooses options for a connection that carries data, to be {@linkplain #applyTo(Socket) applied}
   * to a socket that anybody has made. Keepalive ends it while it is idle, {@code TCP_USER_TIMEOUT}
   * while data is in flight. Neither ends it for the loss of one segment once its peer was heard.
   *
   * @param budget how long the connection may outlast its peer, 3.375 s to 61 h 26 min. While data
   *     is in flight it is counted from the sending of that data
   * @return options whose {@link #worstCaseDetection()} is within the budget. So is {@link
   *     #worstCaseWithDataInFlight} for retransmission timeouts up to a quarter of {@link
   *     #interval()}: of 250 ms or more, which is a round trip of up to 50 ms
   * @throws IllegalArgumentException if {@code budget} is outside that range. Below, keepalive's
   *     whole seconds leave no room for a lost segment
   */
  public static KeepaliveOptions forTraffic(Duration budget) {
    TrafficBudget times = TrafficBudget.solve(budget);
    Builder options = builder().idle(times.idle()).interval(times.interval()).count(times.count());
    return options.userTimeout(times.userTimeout()).build();
  }

  private static KeepaliveOptions withKeepalive(DetectionBudget.Keepalive solution) {
    return builder()
        .idle(solution.seconds())
        .interval(solution.seconds())
        .count(solution.count())
        .build();
  }

  private static KeepaliveOptions withProbes(DetectionBudget.Probes solution, Liveness liveness) {
    Builder options =
        builder()
            .probe(solution.interval(), solution.deadline())
            .liveness(liveness)
            .noDelay(true)
            .userTimeout(solution.userTimeout());
    solution.rtoMin().ifPresent(options::rtoMin);
    return options.build();
  }

  /**
   * Returns the smallest {@link Liveness#HOST} budget that this kernel and the transport in use can
   * keep.
   *
   * @throws UncheckedIOException if the kernel can't be asked for its timers now, for lack of a
   *     descriptor
   */
  public static Duration smallestBudget() {
    return Transport.selected() == Transport.JDK
        ? DetectionBudget.LEAST_KEEPALIVE
        : DetectionBudget.least(Providers.get().kernelTimers());
  }

  /** Makes options that may be beyond what can be set: the kernel has them from a sysctl. */
  static KeepaliveOptions of(EffectiveOptions effective) {
    Builder values = effective.options().toBuilder();
    values.rtoMin = effective.rtoMin().orElse(null);
    return new KeepaliveOptions(values);
  }

  /** Returns a builder that holds the {@linkplain #defaults() defaults}. */
  public static Builder builder() {
    return new Builder();
  }

  /** Returns a builder that holds these options. */
  public Builder toBuilder() {
    return new Builder(values);
  }

  /**
   * Returns the silence before the first probe ({@code TCP_KEEPIDLE}).
   *
   * @return whole seconds
   */
  public Duration idle() {
    return Duration.ofSeconds(values.idleSeconds);
  }

  /**
   * Returns the time between probes ({@code TCP_KEEPINTVL}).
   *
   * @return whole seconds
   */
  public Duration interval() {
    return Duration.ofSeconds(values.intervalSeconds);
  }

  /** Returns how many probes may go unanswered ({@code TCP_KEEPCNT}). */
  public int count() {
    return values.count;
  }

  /**
   * Returns for how long sent data may stay unacknowledged ({@code TCP_USER_TIMEOUT}); zero is off.
   *
   * @return whole milliseconds, or empty if left to the kernel
   */
  public Optional<Duration> userTimeout() {
    return Optional.ofNullable(values.userTimeout);
  }

  /**
   * Returns how often the SYN is retransmitted while connecting ({@code TCP_SYNCNT}).
   *
   * @return the count, or empty if left to the kernel
   */
  public OptionalInt synCount() {
    return values.synCount == null ? OptionalInt.empty() : OptionalInt.of(values.synCount);
  }

  /**
   * Returns whether small segments are sent at once ({@code TCP_NODELAY}); by default they aren't.
   */
  public boolean noDelay() {
    return values.noDelay;
  }

  /**
   * Returns the network interface that the link is bound to ({@code SO_BINDTODEVICE}).
   *
   * @return the interface's name, or empty for any
   */
  public Optional<String> device() {
    return Optional.ofNullable(values.device);
  }

  /**
   * Returns the address that the link sends from.
   *
   * @return the address to bind to, or empty if left to the routing table
   */
  public Optional<InetSocketAddress> sourceAddress() {
    return Optional.ofNullable(values.sourceAddress);
  }

  /**
   * Returns the mark for routing and packet filters ({@code SO_MARK}).
   *
   * @return the mark, 0 to 4294967295, or empty if left to the kernel
   */
  public OptionalLong mark() {
    return values.mark == null ? OptionalLong.empty() : OptionalLong.of(values.mark);
  }

  /**
   * Returns the number of unanswered probes after which a link is suspect: see {@link
   * LinkListener}.
   *
   * @return the count, or empty for the default: 2, and none on the pure-JDK path, which can't
   *     count probes
   */
  public OptionalInt suspectAfter() {
    return values.suspectAfter == null ? OptionalInt.empty() : OptionalInt.of(values.suspectAfter);
  }

  /**
   * Returns the time between the probes of fast detection.
   *
   * @return the interval, or empty where keepalive alone detects
   */
  public Optional<Duration> probeInterval() {
    return Optional.ofNullable(values.probeInterval);
  }

  /**
   * Returns how long a probe may stay unacknowledged, or unanswered, before the link fails.
   *
   * @return the deadline, or empty where keepalive alone detects
   */
  public Optional<Duration> probeDeadline() {
    return Optional.ofNullable(values.probeDeadline);
  }

  /** Returns what the detection proves of the source. */
  public Liveness liveness() {
    return values.liveness;
  }

  /**
   * Returns the lower bound of the retransmission timeout ({@code TCP_RTO_MIN_US}).
   *
   * @return the bound, or empty if left to the kernel. The effective one is that of the sysctl
   *     {@code tcp_rto_min_us} where none was set, which may be longer than 200 ms
   */
  public Optional<Duration> rtoMin() {
    return Optional.ofNullable(values.rtoMin);
  }

  /**
   * Returns the key that the link's segments are signed with ({@code TCP_MD5SIG}). The kernel never
   * hands it out: the effective options have none.
   *
   * @return the key, or empty for none
   */
  public Optional<Md5Key> md5Key() {
    return Optional.ofNullable(values.md5Key);
  }

  /**
   * Returns whether only a source on the same network is heard ({@code IP_MINTTL}); by default all
   * are.
   */
  public boolean singleHop() {
    return values.singleHop;
  }

  /** Returns whether the link fails at once when its network interface loses its carrier. */
  public boolean failWithoutCarrier() {
    return values.failWithoutCarrier;
  }

  /**
   * Predicts the longest time from a source's silence to the verdict, on an otherwise idle link.
   *
   * <p>With probes it is interval + deadline + 3 ms for the wake-ups in between. If a busy kernel
   * retransmits the probe only as the deadline passes, the verdict comes a jiffy later. With
   * keepalive alone it is idle + interval x count after the last segment heard. With a user timeout
   * the kernel ignores the count: it gives up at the first probe due at or past the timeout ({@code
   * tcp_keepalive_timer()}). An eighth is added to both, because the kernel's timers fire late by
   * up to that much.
   */
  public Duration worstCaseDetection() {
    if (values.probeInterval != null) {
      return ProbeTiming.worstCase(values.probeInterval, values.probeDeadline);
    }
    if (values.userTimeout == null || values.userTimeout.isZero()) {
      return KeepaliveTiming.worstCase(values.idleSeconds, values.intervalSeconds, values.count);
    }
    return KeepaliveTiming.worstCase(
        values.idleSeconds, values.intervalSeconds, values.userTimeout);
  }

  /**
   * Predicts the longest time from the sending of data to the verdict, if the peer is silent: twice
   * the retransmission timeout (loss probe, first retransmission) and the user timeout ({@code
   * retransmits_timed_out()}), and an eighth for late timers.
   *
   * @param rto the retransmission timeout before the silence, 1 ms to 2 min: {@link TcpInfo#rto()},
   *     which is a little more than 200 ms on a local network
   * @return the time, or empty without a user timeout: {@code tcp_retries2} then takes 15 minutes
   * @throws IllegalArgumentException if {@code rto} is outside that range
   */
  public Optional<Duration> worstCaseWithDataInFlight(Duration rto) {
    Range.check("rto", rto, LEAST_PROBE_TIME, MOST_RTO);
    return userTimeout()
        .filter(timeout -> !timeout.isZero())
        .map(timeout -> KeepaliveTiming.worstCaseInFlight(rto, timeout));
  }

  /**
   * Sets these options on a connected TCP socket of this process that anybody has made, such as a
   * driver. It is found by its two addresses, and changed through a duplicate of its descriptor: no
   * other socket is hit if that is used again meanwhile. Needs no privilege. Thread-safe.
   *
   * <p>A peer that was not heard for longer than {@link #userTimeout} is probed at once. If this
   * one probe is lost, the connection ends: the kernel counts from when the peer was last heard.
   *
   * @param socket a connected socket
   * @return what the kernel has in effect
   * @throws IllegalArgumentException if it isn't a TCP socket, or an option is set that is only for
   *     links of this library: sourceAddress, md5Key, probe, failWithoutCarrier, suspectAfter
   * @throws IOException if it is closed, not connected, or dead, or goes through a SOCKS proxy,
   *     which it doesn't name: use the addresses; also if the kernel refuses an option, which is
   *     named
   * @throws UnsupportedOperationException if the pure-JDK path is in use
   */
  public KeepaliveOptions applyTo(Socket socket) throws IOException {
    try (Duplicate duplicate = Duplicate.find(socket)) {
      return of(duplicate.apply(this));
    }
  }

  /** Sets these options on a connected channel, with the results of {@link #applyTo(Socket)}. */
  public KeepaliveOptions applyTo(SocketChannel channel) throws IOException {
    try (Duplicate duplicate = Duplicate.find(channel)) {
      return of(duplicate.apply(this));
    }
  }

  /**
   * Sets these options on a connected socket that is known by its addresses alone, such as a Netty
   * channel's, with the results of {@link #applyTo(Socket)}. Two network namespaces may have the
   * same addresses: if this process has such a socket in both, it throws an {@link IOException}.
   */
  public KeepaliveOptions applyTo(InetSocketAddress local, InetSocketAddress remote)
      throws IOException {
    try (Duplicate duplicate = Duplicate.find(local, remote)) {
      return of(duplicate.apply(this));
    }
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof KeepaliveOptions options
        && values.asList().equals(options.values.asList());
  }

  @Override
  public int hashCode() {
    return values.asList().hashCode();
  }

  @Override
  public String toString() {
    return OptionsText.of(this);
  }

  /** Collects options. Not thread-safe. */
  public static final class Builder {
    private int idleSeconds = 1;
    private int intervalSeconds = 1;
    private int count = 5;
    private @Nullable Duration userTimeout;
    private @Nullable Integer synCount;
    private boolean noDelay;
    private @Nullable String device;
    private @Nullable InetSocketAddress sourceAddress;
    private @Nullable Long mark;
    private @Nullable Md5Key md5Key;
    private boolean singleHop;
    private @Nullable Integer suspectAfter;
    private @Nullable Duration rtoMin;
    private @Nullable Duration probeInterval;
    private @Nullable Duration probeDeadline;
    private Liveness liveness = Liveness.HOST;
    private boolean failWithoutCarrier;

    private Builder() {}

    private Builder(Builder other) {
      idleSeconds = other.idleSeconds;
      intervalSeconds = other.intervalSeconds;
      count = other.count;
      userTimeout = other.userTimeout;
      synCount = other.synCount;
      noDelay = other.noDelay;
      device = other.device;
      sourceAddress = other.sourceAddress;
      mark = other.mark;
      md5Key = other.md5Key;
      singleHop = other.singleHop;
      suspectAfter = other.suspectAfter;
      rtoMin = other.rtoMin;
      probeInterval = other.probeInterval;
      probeDeadline = other.probeDeadline;
      liveness = other.liveness;
      failWithoutCarrier = other.failWithoutCarrier;
    }

    /**
     * Sets the silence before the first probe ({@code TCP_KEEPIDLE}).
     *
     * @param idle whole seconds, 1 s to 32767 s
     * @throws IllegalArgumentException if {@code idle} is outside that range or no whole number of
     *     seconds
     */
    public Builder idle(Duration idle) {
      idleSeconds = wholeSeconds("idle", idle);
      return this;
    }

    /**
     * Sets the time between probes ({@code TCP_KEEPINTVL}).
     *
     * @param interval whole seconds, 1 s to 32767 s
     * @throws IllegalArgumentException if {@code interval} is outside that range or no whole number
     *     of seconds
     */
    public Builder interval(Duration interval) {
      intervalSeconds = wholeSeconds("interval", interval);
      return this;
    }

    /**
     * Sets how many probes may go unanswered ({@code TCP_KEEPCNT}).
     *
     * @param count 1 to 127
     * @throws IllegalArgumentException if {@code count} is outside that range
     */
    public Builder count(int count) {
      this.count = Range.check("count", count, 1, MAX_COUNT);
      return this;
    }

    /**
     * Sets for how long sent data may stay unacknowledged ({@code TCP_USER_TIMEOUT}). It also
     * overrides {@link #count}: see {@link KeepaliveOptions#worstCaseDetection()}. If it is not
     * longer than idle + interval, a single lost probe ends the link.
     *
     * <p>On a link with {@link #probe probes} it is in effect while the link is observed: by a
     * monitor, or by a thread in {@code awaitFailure}. Nobody sends probes otherwise, and keepalive
     * watches the link.
     *
     * @param userTimeout whole milliseconds, 0 (off) to 2147483647 ms
     * @throws IllegalArgumentException if {@code userTimeout} is outside that range or no whole
     *     number of milliseconds
     */
    public Builder userTimeout(Duration userTimeout) {
      Duration max = Duration.ofMillis(Integer.MAX_VALUE);
      if (Objects.requireNonNull(userTimeout, "userTimeout").isNegative()
          || userTimeout.compareTo(max) > 0
          || userTimeout.toNanosPart() % 1_000_000 != 0) {
        throw new IllegalArgumentException(
            "userTimeout "
                + userTimeout
                + " is not a whole number of ms from 0 to "
                + Integer.MAX_VALUE);
      }
      this.userTimeout = userTimeout;
      return this;
    }

    /**
     * Sets how often the SYN is retransmitted while connecting ({@code TCP_SYNCNT}).
     *
     * @param synCount 1 to 127
     * @throws IllegalArgumentException if {@code synCount} is outside that range
     */
    public Builder synCount(int synCount) {
      this.synCount = Range.check("synCount", synCount, 1, MAX_COUNT);
      return this;
    }

    /** Sets whether small segments are sent at once ({@code TCP_NODELAY}). */
    public Builder noDelay(boolean noDelay) {
      this.noDelay = noDelay;
      return this;
    }

    /**
     * Binds the link to a network interface ({@code SO_BINDTODEVICE}).
     *
     * @param device the interface's name, 1 to 15 bytes
     * @throws IllegalArgumentException if {@code device} is empty, longer, or holds a NUL
     */
    public Builder device(String device) {
      int length = Objects.requireNonNull(device, "device").getBytes(StandardCharsets.UTF_8).length;
      if (length < 1 || length > MAX_DEVICE_BYTES || device.indexOf('\0') >= 0) {
        throw new IllegalArgumentException(
            "device \"" + device + "\" is not a name of 1 to " + MAX_DEVICE_BYTES + " bytes");
      }
      this.device = device;
      return this;
    }

    /**
     * Sets the address that the link sends from.
     *
     * @param sourceAddress an address of this host, of the peer's family; port 0 lets the kernel
     *     choose one
     * @throws IllegalArgumentException if {@code sourceAddress} is unresolved
     */
    public Builder sourceAddress(InetSocketAddress sourceAddress) {
      if (Objects.requireNonNull(sourceAddress, "sourceAddress").isUnresolved()) {
        throw new IllegalArgumentException("sourceAddress " + sourceAddress + " is unresolved");
      }
      this.sourceAddress = sourceAddress;
      return this;
    }

    /**
     * Sets the mark for routing and packet filters ({@code SO_MARK}). This needs CAP_NET_ADMIN.
     *
     * @param mark 0 to 4294967295
     * @throws IllegalArgumentException if {@code mark} is outside that range
     */
    public Builder mark(long mark) {
      this.mark = Range.check("mark", mark, 0, MAX_MARK);
      return this;
    }

    /**
     * Signs the link's segments ({@code TCP_MD5SIG}, RFC 2385). The source needs the same key:
     * {@link KeepaliveServer.Builder#md5Key(Md5Key)}. The kernel silently drops segments without
     * this signature, or through address translation. So a wrong key looks like silence: {@code
     * connect} times out. The reset of a host that came back without its source is dropped, too:
     * the link then ends by {@link FailureCause#TIMED_OUT}.
     *
     * @param md5Key the key
     */
    public Builder md5Key(Md5Key md5Key) {
      this.md5Key = Objects.requireNonNull(md5Key, "md5Key");
      return this;
    }

    /**
     * Sets whether only a source on the same network is heard (RFC 5082: {@code IP_TTL} and {@code
     * IP_MINTTL} 255, or IPv6's). The source has to set {@link KeepaliveServer.Builder#singleHop},
     * too. The kernel silently drops what came through a router. It also drops the reset of a host
     * without a source, which has the system's TTL: {@code connect} times out.
     */
    public Builder singleHop(boolean singleHop) {
      this.singleHop = singleHop;
      return this;
    }

    /**
     * Sets the number of unanswered probes after which a link is suspect: see {@link LinkListener}.
     * A probe counts as unanswered half an interval after it was due.
     *
     * @param probes 1 to 127, or 0 for never: then the monitor has no wake-ups on healthy links
     * @throws IllegalArgumentException if {@code probes} is outside that range
     */
    public Builder suspectAfter(int probes) {
      suspectAfter = Range.check("suspectAfter", probes, 0, MAX_COUNT);
      return this;
    }

    /**
     * Sets the lower bound of the retransmission timeout ({@code TCP_RTO_MIN_US}, since Linux
     * 6.15). It decides how soon a lost probe is retransmitted. The kernel takes more than a jiffy
     * (1 to 10 ms) and rounds up to whole jiffies.
     *
     * @param rtoMin 1 microsecond to 200 ms
     * @throws IllegalArgumentException if {@code rtoMin} is outside that range
     */
    public Builder rtoMin(Duration rtoMin) {
      this.rtoMin = Range.check("rtoMin", rtoMin, Duration.ofNanos(1_000), MOST_RTO_MIN);
      return this;
    }

    /**
     * Probes the link beyond keepalive, with the caller's own times. {@link
     * KeepaliveOptions#detectWithin(Duration)} chooses the times and also the socket options with
     * which the kernel retransmits a lost probe in time.
     *
     * @param interval the time between probes, 1 ms to 1 day
     * @param deadline how long a probe may stay unacknowledged or unanswered, 1 ms to 1 day
     * @throws IllegalArgumentException if {@code interval} or {@code deadline} is outside that
     *     range
     */
    public Builder probe(Duration interval, Duration deadline) {
      probeInterval = Range.check("interval", interval, LEAST_PROBE_TIME, MOST_PROBE_TIME);
      probeDeadline = Range.check("deadline", deadline, LEAST_PROBE_TIME, MOST_PROBE_TIME);
      return this;
    }

    /**
     * Sets what the detection is to prove of the source. {@link Liveness#PROCESS} needs {@link
     * #probe probes}.
     */
    public Builder liveness(Liveness liveness) {
      this.liveness = Objects.requireNonNull(liveness, "liveness");
      return this;
    }

    /**
     * Sets whether the link fails at once when its network interface loses its carrier: {@link
     * FailureCause#NO_CARRIER}. By default it doesn't. It is for a link on a cable of its own. A
     * pulled cable looks the same as a source without power: let a guard find out.
     *
     * <p>The interface is the one by which the link leaves this host once it has connected; {@code
     * connect} refuses the loopback device, and a process that may not use netlink. A VLAN or a
     * bond counts itself. A loss counts however short it is; so does an interface that is taken
     * down, deleted or moved to another network namespace. A tunnel's carrier is lost only so.
     *
     * <p>The kernel reports a loss within milliseconds. It may take up to 1 s if another interface
     * changed in the second before. A monitor takes the links of one network namespace.
     */
    public Builder failWithoutCarrier(boolean failWithoutCarrier) {
      this.failWithoutCarrier = failWithoutCarrier;
      return this;
    }

    /**
     * Makes the options.
     *
     * @throws IllegalArgumentException if {@link Liveness#PROCESS} is set without probes, or {@link
     *     #rtoMin} is so long that the probes' deadline passes before a lost probe is sent again
     * @throws UncheckedIOException with {@link #rtoMin} and probes, if the kernel can't be asked
     *     for its timers now, for lack of a descriptor
     */
    public KeepaliveOptions build() {
      if (liveness == Liveness.PROCESS && probeInterval == null) {
        throw new IllegalArgumentException("liveness PROCESS needs probes: detectWithin or probe");
      }
      if (rtoMin != null && probeDeadline != null && Providers.isNativeSelected()) {
        DetectionBudget.requireSurvivable(probeDeadline, rtoMin, Providers.get().kernelTimers());
      }
      return new KeepaliveOptions(new Builder(this));
    }

    private List<@Nullable Object> asList() {
      return Arrays.asList(
          idleSeconds,
          intervalSeconds,
          count,
          userTimeout,
          synCount,
          noDelay,
          device,
          sourceAddress,
          mark,
          md5Key,
          singleHop,
          suspectAfter,
          rtoMin,
          probeInterval,
          probeDeadline,
          liveness,
          failWithoutCarrier);
    }

    private static int wholeSeconds(String name, Duration value) {
      Objects.requireNonNull(value, name);
      if (value.getNano() != 0 || value.getSeconds() < 1 || value.getSeconds() > MAX_SECONDS) {
        throw new IllegalArgumentException(
            name + " " + value + " is not a whole number of seconds from 1 to " + MAX_SECONDS);
      }
      return (int) value.getSeconds();
    }
  }
}
