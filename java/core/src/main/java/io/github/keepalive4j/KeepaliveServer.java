package io.github.keepalive4j;

import io.github.keepalive4j.internal.Arguments;
import io.github.keepalive4j.internal.ListenSettings;
import io.github.keepalive4j.internal.Provider;
import io.github.keepalive4j.internal.Providers;
import io.github.keepalive4j.internal.Range;
import io.github.keepalive4j.internal.guard.GuardSetting;
import io.github.keepalive4j.internal.guard.HeldClaim;
import io.github.keepalive4j.internal.server.Admission;
import io.github.keepalive4j.internal.server.Backups;
import io.github.keepalive4j.internal.server.ServerLog;
import io.github.keepalive4j.internal.server.Service;
import io.github.keepalive4j.internal.timing.Patience;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The source's end of the heartbeat link: it accepts backups, and answers those that ask.
 *
 * <p>The end of a try-with-resources closes the server. To its backups the source is gone then, and
 * they take over. A source that leaves on purpose calls {@link #standDown()} first; the backups
 * that hear it don't take over.
 *
 * <p>A source {@linkplain Builder#shedAfter sheds} the backups that died. It reads and discards
 * what backups send, so that their kernel never sees a full window.
 *
 * <p>Thread-safe. The JVM lives as long as a server is open.
 */
public final class KeepaliveServer implements AutoCloseable {
  private final ServerListener serverListener;
  private final Backups backups;
  private final Service service;
  private final @Nullable HeldClaim claim; // null for none

  private KeepaliveServer(Builder builder, InetSocketAddress address, @Nullable HeldClaim claim)
      throws IOException {
    Provider provider = Providers.get();
    KeepaliveOptions options = builder.options(provider);
    provider.check(options);
    ServerLog.warnOfImpatience(builder.shedAfter);
    serverListener = builder.listener;
    backups =
        new Backups(
            serverListener,
            new Admission(
                builder.allowed, builder.maxConnections, builder.maxConnectionsPerAddress));
    ListenSettings settings =
        new ListenSettings(
            builder.backlog,
            builder.ipv6Only,
            builder.singleHop,
            Map.copyOf(builder.md5Keys),
            options);
    service = new Service(provider, address, settings, backups, builder.health, builder.realtime);
    this.claim = claim;
  }

  private void start() {
    service.start();
    if (claim != null) {
      claim.addLossListener( // also of a loss that came before
          loss -> ServerLog.tell(() -> serverListener.onClaimLost(loss), this::close));
      claim.serve(backups);
    }
  }

  /**
   * Listens on an address with the defaults.
   *
   * @throws IOException as {@link Builder#open}
   */
  public static KeepaliveServer open(InetSocketAddress address) throws IOException {
    return builder().open(address);
  }

  /** Returns a builder with the defaults. */
  public static Builder builder() {
    return new Builder();
  }

  /**
   * Returns where the server listens, with the port that the kernel chose.
   *
   * @throws IOException if the server is closed
   */
  public InetSocketAddress localAddress() throws IOException {
    return service.localAddress();
  }

  /** Returns how many backups are connected. */
  public int connections() {
    return backups.size();
  }

  /** Returns how many connections so far ended because their peer sent an unknown byte. */
  public long violations() {
    return backups.violations();
  }

  /** Returns how many connections have been {@linkplain RefusalReason refused} so far. */
  public long refusals() {
    return backups.refusals();
  }

  /** Returns the claim on which this source serves, or empty without a {@link Builder#guard}. */
  public Optional<Claim> claim() {
    return Optional.ofNullable(claim);
  }

  /**
   * Closes the listener and all connections: to the backups the source is gone, and they take over.
   * Releases the claim to serve. {@link #standDown()} leaves without a takeover.
   */
  @Override
  public void close() {
    service.close();
    if (claim != null) {
      claim.release();
    }
  }

  /**
   * Stands down within 1 s, and returns what {@link #standDown(Duration)} returns.
   *
   * @throws InterruptedException if interrupted while waiting; the server is closed all the same
   */
  public boolean standDown() throws InterruptedException {
    return standDown(Duration.ofSeconds(1));
  }

  /**
   * Says goodbye, waits until the backups have heard it, and closes the server. They report {@link
   * FailureCause#LEFT} and don't take over. Only backups that have sent a query get the goodbye:
   * those with probes. To all others, as with the default options, the source is gone: they take
   * over, and this returns false. Whoever connects meanwhile gets the goodbye, too, and is
   * {@linkplain RefusalReason#STANDING_DOWN refused}. On the pure-JDK path, one that connects in
   * the moment in which the server closes may meet a reset instead.
   *
   * @param timeout how long to wait for the backups, 1 ms to 1 day; closing takes up to 0.1 s more
   * @return whether every backup heard it: each that was connected got the goodbye and closed its
   *     end. If false, a backup may take over. Closing the server meanwhile makes it false. After
   *     {@link #close} it says nothing, and returns what an earlier call returned. Without an
   *     earlier call it is true only if no backup was connected
   * @throws IllegalArgumentException if {@code timeout} is outside that range
   * @throws InterruptedException if interrupted while waiting; the server is closed all the same
   */
  public boolean standDown(Duration timeout) throws InterruptedException {
    Range.checkMillisecondToDay("timeout", timeout);
    try {
      return service.standDown(timeout);
    } finally {
      close();
    }
  }

  /**
   * Tells the backups with probes that the workload, for which this source stands, has ended. They
   * report {@link FailureCause#WORKLOAD_ENDED} and take over. {@link #close} has to follow: it
   * tells the others, and those of an earlier version.
   */
  public void workloadEnded() {
    backups.sayEnded();
  }

  /** Collects a server's settings. Not thread-safe. */
  public static final class Builder {
    private Duration shedAfter = Patience.DEFAULT;
    private OptionalLong mark = OptionalLong.empty();
    private ServerListener listener = new ServerListener() {};
    private BooleanSupplier health = () -> true;
    private int backlog = 1024;
    private final List<IpNetwork> allowed = new ArrayList<>(); // empty for everybody
    private int maxConnections = Admission.DEFAULT_MAX;
    private int maxConnectionsPerAddress = Admission.DEFAULT_MAX_PER_ADDRESS;
    private @Nullable Boolean ipv6Only; // null for the transport's default
    private boolean singleHop;
    private final Map<IpNetwork, Md5Key> md5Keys = new LinkedHashMap<>();
    private GuardSetting guard = GuardSetting.NONE;
    private @Nullable Journal journal; // null for none
    private int realtime; // the priority; 0 for a normal thread

    private Builder() {}

    /**
     * Sets how long a backup may be silent before the source ends its connection. A dead backup
     * costs a descriptor until then.
     *
     * <p>A shorter pause ends no idle connection. While an answer is on its way, a pause of more
     * than a third of that may, because the kernel retransmits ever more rarely. One that comes
     * back after its connection was ended meets a reset, and takes over from a living source. So
     * choose three times the {@linkplain KeepaliveOptions#worstCaseDetection() budget} of any
     * backup, and three times any pause of its host that must not end in a takeover. The source
     * can't know either, and warns below 21 s, which is three times what the defaults take. A
     * backup whose budget is more than a third of 30 minutes warns, too. On the pure-JDK path
     * {@code net.ipv4.tcp_retries2} limits it while an answer is on its way, by default to 15
     * minutes.
     *
     * @param shedAfter 3 s to 1 day, by default 30 minutes; it takes up to a seventh or 5 s more
     * @throws IllegalArgumentException if {@code shedAfter} is outside that range
     */
    public Builder shedAfter(Duration shedAfter) {
      this.shedAfter = Range.check("shedAfter", shedAfter, Patience.SHORTEST, Patience.LONGEST);
      return this;
    }

    /**
     * Sets the mark of all connections, as {@link KeepaliveOptions.Builder#mark} does.
     *
     * @throws IllegalArgumentException if {@code mark} is not from 0 to 4294967295
     */
    public Builder mark(long mark) {
      this.mark = KeepaliveOptions.builder().mark(mark).build().mark();
      return this;
    }

    /**
     * Sets the listener for the backups' events.
     *
     * @param listener called on a thread of the server's, never on the one that answers
     */
    public Builder listener(ServerListener listener) {
      this.listener = Objects.requireNonNull(listener, "listener");
      return this;
    }

    /**
     * Sets the health check: the application's own, or a {@link DeadMansSwitch}. While it is false,
     * a backup under {@link Liveness#PROCESS} gets no answer and takes the process for hung. By
     * default a server that runs is healthy.
     *
     * @param health called at each query, on the thread that answers. It must return at once: while
     *     it blocks, no backup gets an answer. What it throws counts as false
     */
    public Builder health(BooleanSupplier health) {
      this.health = Objects.requireNonNull(health, "health");
      return this;
    }

    /**
     * Sets how many connections may wait to be accepted, up to {@code net.core.somaxconn}.
     *
     * @param backlog 1 to 2147483647, by default 1024
     * @throws IllegalArgumentException if {@code backlog} is outside that range
     */
    public Builder backlog(int backlog) {
      this.backlog = Range.check("backlog", backlog, 1, Integer.MAX_VALUE);
      return this;
    }

    /**
     * Adds networks from which backups may connect. Without any, all may.
     *
     * <p>A peer that isn't allowed, or is one too many, gets a goodbye and is closed at once. It
     * reports {@link FailureCause#LEFT}; with probes, its {@code connect} fails. The server
     * {@linkplain KeepaliveServer#refusals() counts} it and calls {@link ServerListener#onRefused}.
     *
     * @param networks at least one, beside those of earlier calls
     * @throws IllegalArgumentException if {@code networks} is empty: nobody could connect
     */
    public Builder allow(Collection<IpNetwork> networks) {
      if (Arguments.noneNull("networks", networks).isEmpty()) {
        throw new IllegalArgumentException("networks is empty: nobody could connect");
      }
      allowed.addAll(networks);
      return this;
    }

    /**
     * Sets how many connections there may be at a time. Each takes a descriptor. When the process
     * runs out of descriptors (RLIMIT_NOFILE), further connections wait.
     *
     * @param maxConnections 1 to 2147483647, by default 10000
     * @throws IllegalArgumentException if {@code maxConnections} is outside that range
     */
    public Builder maxConnections(int maxConnections) {
      this.maxConnections = Range.check("maxConnections", maxConnections, 1, Integer.MAX_VALUE);
      return this;
    }

    /**
     * Sets how many connections there may be from one address at a time. A backup whose host died
     * and came back counts twice until its old connection is {@linkplain #shedAfter shed}.
     *
     * @param maxConnections 1 to 2147483647, by default 1024
     * @throws IllegalArgumentException if {@code maxConnections} is outside that range
     */
    public Builder maxConnectionsPerAddress(int maxConnections) {
      maxConnectionsPerAddress =
          Range.check("maxConnectionsPerAddress", maxConnections, 1, Integer.MAX_VALUE);
      return this;
    }

    /** Sets whether an IPv6 address takes IPv6 alone ({@code IPV6_V6ONLY}); by default both. */
    public Builder ipv6Only(boolean ipv6Only) {
      this.ipv6Only = ipv6Only;
      return this;
    }

    /**
     * Signs the segments of all connections ({@code TCP_MD5SIG}, RFC 2385). Only a backup with the
     * same {@link KeepaliveOptions.Builder#md5Key} can connect. To others the source is silent.
     */
    public Builder md5Key(Md5Key key) {
      return md5Key(IpNetwork.parse("0.0.0.0/0"), key).md5Key(IpNetwork.parse("::/0"), key);
    }

    /**
     * Signs the segments of connections from one network. If networks overlap, the smallest counts.
     * Peers in none of them connect without a signature; {@link #allow} keeps them out. The kernel
     * limits the number of keys ({@code net.core.optmem_max}).
     *
     * @param network the peers; IPv6 networks have no effect on an IPv4 address
     * @param key the key; it replaces an earlier one of this network
     */
    public Builder md5Key(IpNetwork network, Md5Key key) {
      md5Keys.put(Objects.requireNonNull(network, "network"), Objects.requireNonNull(key, "key"));
      return this;
    }

    /**
     * Sets whether only backups on the same network are heard (RFC 5082: {@code IP_TTL} and {@code
     * IP_MINTTL} 255, and IPv6's). They have to set {@link KeepaliveOptions.Builder#singleHop},
     * too. By default all are heard.
     */
    public Builder singleHop(boolean singleHop) {
      this.singleHop = singleHop;
      return this;
    }

    /**
     * Sets the guard that is asked before the server listens: a source that comes back must not
     * serve beside its successor. By default there is none.
     *
     * <p>A backup that took over and now serves in its turn holds the claim already: {@code
     * guard(request -> claim, timeout)}. The server then releases it when it is closed.
     *
     * @param guard asked by {@link #open}
     * @param timeout after which the guard counts as declining, 1 ms to 1 day
     * @throws IllegalArgumentException if {@code timeout} is outside that range
     */
    public Builder guard(TakeoverGuard guard, Duration timeout) {
      this.guard = GuardSetting.of(guard, timeout, ClaimRequest::new);
      return this;
    }

    /**
     * Sets the journal that records what happens to the claim to serve, before it happens. By
     * default there is none.
     *
     * @param journal belongs to the caller: the server doesn't close it
     */
    public Builder journal(Journal journal) {
      this.journal = Objects.requireNonNull(journal, "journal");
      return this;
    }

    /**
     * Has the thread that answers run in real time, as {@link KeepaliveMonitor.Builder#realtime}.
     *
     * @param priority 1 to 99; 98 and 99 count as 97. By default no thread is real-time
     * @throws IllegalArgumentException if {@code priority} is outside that range
     */
    public Builder realtime(int priority) {
      this.realtime = Range.check("priority", priority, 1, 99);
      return this;
    }

    /**
     * Listens on an address.
     *
     * @param address the address to listen on; port 0 lets the kernel choose one
     * @throws KeepaliveException if the kernel refuses the address, or an option, which the message
     *     names (on the pure-JDK path: an {@code IOException} of the JDK's)
     * @throws UnknownHostException if the address is unresolved
     * @throws ClaimDeclinedException if the guard declines, with its reason; nothing listens
     * @throws java.io.InterruptedIOException if interrupted while the guard is asked
     * @throws UnsupportedOperationException if the transport in use can't honour an option, which
     *     the message names
     * @throws IOException if listening fails otherwise, or {@link #realtime} takes a privilege
     */
    public KeepaliveServer open(InetSocketAddress address) throws IOException {
      if (Objects.requireNonNull(address, "address").isUnresolved()) {
        throw new UnknownHostException(address.getHostString());
      }
      HeldClaim claim = Service.claim(guard, journal);
      KeepaliveServer server = null;
      boolean open = false;
      try {
        server = new KeepaliveServer(this, address, claim);
        server.start();
        open = true;
        return server;
      } finally {
        if (!open && server != null) {
          server.close();
        } else if (!open && claim != null) {
          claim.release();
        }
      }
    }

    private KeepaliveOptions options(Provider provider) {
      KeepaliveOptions.Builder options = provider.sheddingAfter(shedAfter).toBuilder();
      mark.ifPresent(options::mark);
      return options.build();
    }
  }
}
