package io.github.keepalive4j;

import io.github.keepalive4j.internal.Link;
import io.github.keepalive4j.internal.LinkEvent;
import io.github.keepalive4j.internal.ListenSettings;
import io.github.keepalive4j.internal.Listener;
import io.github.keepalive4j.internal.Poller;
import io.github.keepalive4j.internal.PollerThread;
import io.github.keepalive4j.internal.Provider;
import io.github.keepalive4j.internal.Providers;
import io.github.keepalive4j.internal.WatchSettings;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.channels.ClosedChannelException;
import java.time.Duration;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.BooleanSupplier;

/**
 * The source's end of the heartbeat link: accepts backups, keeps their connections, and says
 * nothing unless asked.
 *
 * <p>The accepted connections have keepalive too, so that a source sheds the backups that died.
 * What backups send is read and dropped, so that their kernel never sees a full window.
 *
 * <p>Thread-safe. The JVM lives as long as a server is open.
 */
public final class KeepaliveServer implements AutoCloseable {
  private static final System.Logger LOGGER =
      System.getLogger(KeepaliveServer.class.getPackageName());
  private static final int ACCEPT_RETRY_MS = 100;

  /** Accepted in a row, which takes some 2 ms, before the backups that are here have their turn. */
  private static final int ACCEPT_BATCH = 64;

  private static final byte ANSWER = 'A';
  private static final byte FAREWELL = 'G';
  private static final int FAREWELL_POLL_MS = 2;
  private static final Duration FAREWELL_TIMEOUT = Duration.ofSeconds(1);

  private final KeepaliveOptions options;
  private final ServerListener serverListener;
  private final BooleanSupplier health;
  private final Set<Connection> connections = ConcurrentHashMap.newKeySet();
  private final LongAdder violations = new LongAdder();
  private final LongAdder refusals = new LongAdder();
  private final Admission admission;
  private final Listener listener;
  private final Poller poller;
  private final PollerThread thread;
  private final HeldClaim claim; // null for none
  private boolean arrivals; // on the server's thread only: connections may wait to be accepted...
  private boolean exhausted; // ... for which descriptors have run out...
  private long retryNs; // ... so that it isn't tried before this

  /** A backup's connection; {@code spoken} says whether it may be spoken to. */
  private record Connection(Link link, InetSocketAddress backup, AtomicBoolean spoken) {}

  private KeepaliveServer(Builder builder, InetSocketAddress address, Claim claim)
      throws IOException {
    Provider provider = Providers.get();
    options = builder.options == null ? provider.sourceDefaults() : builder.options;
    provider.check(options);
    serverListener = builder.listener;
    health = builder.health;
    admission =
        new Admission(builder.allowed, builder.maxConnections, builder.maxConnectionsPerAddress);
    listener = provider.listen(address, builder.listenSettings());
    boolean open = false;
    Poller made = null;
    try {
      made = provider.openPoller();
      made.listen(listener, listener);
      open = true;
    } finally {
      if (!open) {
        listener.close();
        closeQuietly(made);
      }
    }
    poller = made;
    String name = "keepalive-server-" + listener.localAddress().getPort();
    thread = new PollerThread(name, poller, this::step, KeepaliveServer::log);
    this.claim = claim == null ? null : new HeldClaim(claim, newRecord(builder), this::loseClaim);
  }

  private static WatchRecord newRecord(Builder builder) {
    return new WatchRecord(builder.journal, KeepaliveServer::log);
  }

  private void loseClaim(ClaimLoss loss) {
    try {
      tell(() -> serverListener.onClaimLost(loss.reason()));
    } finally {
      close();
    }
  }

  private void start() throws ClaimDeclinedException {
    if (claim != null) {
      claim.hold();
      String hindrance = claim.begin();
      if (hindrance != null) {
        throw new ClaimDeclinedException(hindrance);
      }
    }
    thread.start();
  }

  private static void closeQuietly(Poller poller) {
    if (poller != null) {
      poller.close();
    }
  }

  /**
   * Listens on an address with the defaults.
   *
   * @param address the address to listen on; port 0 lets the kernel choose one
   * @return a running server
   * @throws IOException as {@link Builder#open}
   */
  public static KeepaliveServer open(InetSocketAddress address) throws IOException {
    return builder().open(address);
  }

  /**
   * Returns a builder with the defaults.
   *
   * @return a new builder
   */
  public static Builder builder() {
    return new Builder();
  }

  /**
   * Returns where the server listens.
   *
   * @return the address, with the port that the kernel chose
   * @throws IOException if the server is closed
   */
  public InetSocketAddress localAddress() throws IOException {
    return listener.localAddress();
  }

  /**
   * Returns how many backups are connected.
   *
   * @return the number of connections
   */
  public int connections() {
    return connections.size();
  }

  /**
   * Returns how many connections were closed because their peer sent a byte that the link doesn't
   * know.
   *
   * @return the number since the server was opened
   */
  public long violations() {
    return violations.sum();
  }

  /**
   * Returns how many connections were closed at once because they may not be: see {@link Refusal}.
   *
   * @return the number since the server was opened
   */
  public long refusals() {
    return refusals.sum();
  }

  /**
   * Returns the claim on which this source serves.
   *
   * @return the claim, or empty if the server has no {@linkplain Builder#guard guard}
   */
  public Optional<Claim> claim() {
    return Optional.ofNullable(claim);
  }

  /**
   * Closes the listener and all connections: to the backups the source is gone. Releases the claim
   * to serve.
   */
  @Override
  public void close() {
    thread.close();
    listener.close();
    connections.forEach(this::drop);
    if (claim != null) {
      claim.release();
    }
  }

  /**
   * Says goodbye, waits up to 1 s until the backups have heard it, and closes the server: they
   * report {@link FailureCause#LEFT} and don't take over. Only a backup that has asked something is
   * spoken to, which those with probes have; to the others, as to the original's, the source is
   * gone.
   *
   * @throws InterruptedException if interrupted while waiting; the server is closed all the same
   */
  public void standDown() throws InterruptedException {
    List<Connection> told =
        connections.stream().filter(connection -> connection.spoken().get()).toList();
    told.forEach(connection -> send(connection, FAREWELL));
    long deadlineNs = System.nanoTime() + FAREWELL_TIMEOUT.toNanos();
    try {
      while (System.nanoTime() < deadlineNs && told.stream().anyMatch(connections::contains)) {
        Thread.sleep(FAREWELL_POLL_MS);
      }
    } finally {
      close();
    }
  }

  /** The backups that are here come first: a flood of new ones must not cost them their answers. */
  private void step() throws IOException {
    poller.poll(!arrivals ? -1 : exhausted ? ACCEPT_RETRY_MS : 0, this::on);
    if (arrivals && (!exhausted || System.nanoTime() - retryNs >= 0)) {
      acceptSome();
    }
  }

  private void on(Object attachment, LinkEvent event) {
    if (event.type() == LinkEvent.Type.ACCEPT) {
      arrivals = true;
    } else {
      on((Connection) attachment, event);
    }
  }

  private void on(Connection connection, LinkEvent event) {
    switch (event.type()) {
      case FAILED -> {
        drop(connection);
        tell(() -> serverListener.onDisconnected(connection.backup(), event.cause()));
      }
      case VIOLATION -> {
        violations.increment();
        drop(connection);
        tell(() -> serverListener.onViolation(connection.backup(), event.octet()));
      }
      case QUERY -> answer(connection);
      default -> throw new IllegalStateException("a source's link can't have " + event);
    }
  }

  private void drop(Connection connection) {
    if (connections.remove(connection)) {
      admission.leave(connection.backup().getAddress());
    }
    connection.link().close();
  }

  private void answer(Connection connection) {
    connection.spoken().set(true);
    if (isHealthy()) {
      send(connection, ANSWER);
    }
  }

  private boolean isHealthy() {
    try {
      return health.getAsBoolean();
    } catch (RuntimeException e) {
      LOGGER.log(System.Logger.Level.ERROR, "the health check failed: the answer is withheld", e);
      return false;
    }
  }

  private static void send(Connection connection, byte octet) {
    send(connection.link(), connection.backup(), octet);
  }

  private static void send(Link link, InetSocketAddress backup, byte octet) {
    try {
      link.send(octet);
    } catch (IOException e) {
      LOGGER.log(System.Logger.Level.DEBUG, "nothing reaches " + backup, e); // its failure follows
    }
  }

  private void acceptSome() {
    boolean known = exhausted;
    exhausted = false;
    try {
      for (int i = 0; arrivals && i < ACCEPT_BATCH; i++) {
        acceptOne();
      }
    } catch (ClosedChannelException e) {
      arrivals = false; // the listener has closed its server
    } catch (IOException e) {
      exhausted = true;
      retryNs = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(ACCEPT_RETRY_MS);
      System.Logger.Level level =
          known ? System.Logger.Level.DEBUG : System.Logger.Level.WARNING; // once is enough
      LOGGER.log(level, "backups have to wait: " + e.getMessage());
    }
  }

  private void acceptOne() throws IOException {
    Listener.Accepted accepted = listener.accept(options);
    arrivals = accepted != null;
    if (arrivals) {
      Refusal refusal = admission.admit(accepted.peer().getAddress());
      if (refusal == null) {
        keep(accepted);
      } else {
        refuse(accepted, refusal);
      }
    }
  }

  /** It hears that there is nothing to take over: it must not take the refusal for a death. */
  private void refuse(Listener.Accepted accepted, Refusal refusal) {
    refusals.increment();
    send(accepted.link(), accepted.peer(), FAREWELL);
    accepted.link().close();
    tell(() -> serverListener.onRefused(accepted.peer(), refusal));
  }

  private void keep(Listener.Accepted accepted) throws IOException {
    Connection connection = new Connection(accepted.link(), accepted.peer(), new AtomicBoolean());
    boolean kept = false;
    try {
      poller.watch(accepted.link(), connection, WatchSettings.ofSource());
      kept = true;
    } finally {
      if (!kept) {
        admission.leave(accepted.peer().getAddress());
        accepted.link().close();
      }
    }
    connections.add(connection);
    tell(() -> serverListener.onConnected(accepted.peer()));
  }

  /** What a listener throws must not cost the other backups their events. */
  private static void tell(Runnable call) {
    try {
      call.run();
    } catch (Throwable e) {
      log(e);
    }
  }

  private static void log(Throwable error) {
    LOGGER.log(
        System.Logger.Level.ERROR, "a server's listener or wait failed; the server goes on", error);
  }

  /** Collects what a server is made with. Not thread-safe. */
  public static final class Builder {
    private KeepaliveOptions options; // null for the transport's default
    private ServerListener listener = new ServerListener() {};
    private BooleanSupplier health = () -> true;
    private int backlog = 1024;
    private List<IpNetwork> allowed; // null for everybody
    private int maxConnections = 10_000;
    private int maxConnectionsPerAddress = 1_024;
    private Boolean ipv6Only; // null for the transport's default
    private boolean singleHop;
    private final Map<IpNetwork, Md5Key> md5Keys = new LinkedHashMap<>();
    private TakeoverGuard guard; // null for none
    private Duration guardTimeout; // null where there is no guard
    private Journal journal; // null for none

    private Builder() {}

    /**
     * Sets the options of the accepted connections. By default they have keepalive as {@link
     * KeepaliveOptions#defaults()}, and on the native transport a user timeout of 6 s, which sheds
     * a backup that died with an answer on its way to it.
     *
     * @param options without a source address and a device, which are the backup's to choose
     * @return this builder
     * @throws IllegalArgumentException if {@code options} has a source address or a device; or a
     *     key or single hop, which are the listener's: {@link #md5Key(Md5Key)}, {@link #singleHop}
     */
    public Builder options(KeepaliveOptions options) {
      if (options.sourceAddress().isPresent() || options.device().isPresent()) {
        throw new IllegalArgumentException(
            "options " + options + " of an accepted connection can't bind it");
      }
      if (options.md5Key().isPresent() || options.singleHop().isPresent()) {
        throw new IllegalArgumentException(
            "md5Key and singleHop in options " + options + " are the server's own to set");
      }
      this.options = options;
      return this;
    }

    /**
     * Sets who hears of backups.
     *
     * @param listener called on the server's own thread
     * @return this builder
     */
    public Builder listener(ServerListener listener) {
      this.listener = Objects.requireNonNull(listener, "listener");
      return this;
    }

    /**
     * Sets what withholds the answer to a backup under {@link Liveness#PROCESS}, which then takes
     * the process for hung: a check of the application's own, or a {@link DeadMansHandle}. By
     * default a server that runs is healthy.
     *
     * @param health asked on the server's own thread at each query: it must return at once, for
     *     while it blocks no backup is answered; what it throws counts as false
     * @return this builder
     */
    public Builder health(BooleanSupplier health) {
      this.health = Objects.requireNonNull(health, "health");
      return this;
    }

    /**
     * Sets how many connections may wait to be accepted; the kernel caps it at {@code
     * net.core.somaxconn}.
     *
     * @param backlog 1 to 2147483647, by default 1024
     * @return this builder
     * @throws IllegalArgumentException if {@code backlog} is outside that range
     */
    public Builder backlog(int backlog) {
      this.backlog = atLeastOne("backlog", backlog);
      return this;
    }

    /**
     * Sets from where backups may connect. By default from everywhere.
     *
     * <p>Who isn't allowed, or is one too many, is told that there is nothing to take over (it
     * reports {@link FailureCause#LEFT}, and with probes its {@code connect} fails), closed at
     * once, {@linkplain KeepaliveServer#refusals() counted}, and told to the {@linkplain
     * ServerListener#onRefused listener}.
     *
     * @param networks at least one
     * @return this builder
     * @throws IllegalArgumentException if {@code networks} is empty: nobody could connect
     */
    public Builder allow(Collection<IpNetwork> networks) {
      if (networks.isEmpty()) {
        throw new IllegalArgumentException("networks is empty: nobody could connect");
      }
      allowed = List.copyOf(networks);
      return this;
    }

    /**
     * Sets how many connections there may be at a time. Each takes a descriptor; where the process
     * has fewer of them (RLIMIT_NOFILE), those that are left over wait.
     *
     * @param maxConnections 1 to 2147483647, by default 10000
     * @return this builder
     * @throws IllegalArgumentException if {@code maxConnections} is outside that range
     */
    public Builder maxConnections(int maxConnections) {
      this.maxConnections = atLeastOne("maxConnections", maxConnections);
      return this;
    }

    /**
     * Sets how many connections there may be from one address at a time. A backup whose host died
     * and came back counts twice until its old connection is found dead.
     *
     * @param maxConnections 1 to 2147483647, by default 1024
     * @return this builder
     * @throws IllegalArgumentException if {@code maxConnections} is outside that range
     */
    public Builder maxConnectionsPerAddress(int maxConnections) {
      maxConnectionsPerAddress = atLeastOne("maxConnectionsPerAddress", maxConnections);
      return this;
    }

    private static int atLeastOne(String name, int value) {
      if (value < 1) {
        throw new IllegalArgumentException(
            name + " " + value + " is not from 1 to " + Integer.MAX_VALUE);
      }
      return value;
    }

    /**
     * Sets whether an IPv6 address takes IPv6 alone or IPv4 too ({@code IPV6_V6ONLY}). By default
     * it takes both.
     *
     * @param ipv6Only the switch
     * @return this builder
     */
    public Builder ipv6Only(boolean ipv6Only) {
      this.ipv6Only = ipv6Only;
      return this;
    }

    /**
     * Has the segments of all connections signed ({@code TCP_MD5SIG}, RFC 2385): only a backup with
     * the same key can connect, {@link KeepaliveOptions.Builder#md5Key}. To others the source is
     * silent.
     *
     * @param key the key
     * @return this builder
     */
    public Builder md5Key(Md5Key key) {
      return md5Key(IpNetwork.parse("0.0.0.0/0"), key).md5Key(IpNetwork.parse("::/0"), key);
    }

    /**
     * Has the segments of connections from a network signed, as {@link #md5Key(Md5Key)} those of
     * all. Of networks that overlap the smallest counts; for peers in none there is no key, and no
     * signature wanted: {@link #allow} keeps them out. The kernel limits how many keys there may be
     * ({@code net.core.optmem_max}).
     *
     * @param network the peers; IPv6 networks don't matter to a server on an IPv4 address
     * @param key the key, in place of an earlier one of this network
     * @return this builder
     */
    public Builder md5Key(IpNetwork network, Md5Key key) {
      md5Keys.put(Objects.requireNonNull(network, "network"), Objects.requireNonNull(key, "key"));
      return this;
    }

    /**
     * Sets whether only backups on the same network are heard (RFC 5082: {@code IP_TTL} and {@code
     * IP_MINTTL} 255, and IPv6's), which have to do the same: {@link
     * KeepaliveOptions.Builder#singleHop}. By default all are.
     *
     * @param singleHop the switch
     * @return this builder
     */
    public Builder singleHop(boolean singleHop) {
      this.singleHop = singleHop;
      return this;
    }

    private ListenSettings listenSettings() {
      return new ListenSettings(backlog, ipv6Only, singleHop, Map.copyOf(md5Keys));
    }

    /**
     * Sets who is asked before the server listens: a source that comes back must not do so beside
     * its successor. By default nobody is.
     *
     * <p>A backup that took over and now serves in its turn holds the claim already: {@code
     * guard(request -> claim, timeout)}. The server then releases it when it is closed.
     *
     * @param guard asked by {@link #open}
     * @param timeout after which the guard counts as declining, 1 ms to 1 day
     * @return this builder
     * @throws IllegalArgumentException if {@code timeout} is outside that range
     */
    public Builder guard(TakeoverGuard guard, Duration timeout) {
      this.guard = Objects.requireNonNull(guard, "guard");
      this.guardTimeout = GuardInquiry.checked(timeout);
      return this;
    }

    /**
     * Sets where what becomes of the claim to serve is put on record, before it happens. By default
     * nowhere.
     *
     * @param journal stays its owner's: the server doesn't close it
     * @return this builder
     */
    public Builder journal(Journal journal) {
      this.journal = Objects.requireNonNull(journal, "journal");
      return this;
    }

    /**
     * Listens on an address.
     *
     * @param address the address to listen on; port 0 lets the kernel choose one
     * @return a running server
     * @throws KeepaliveException if the kernel refuses the address (on the pure-JDK path: the
     *     exception that {@link java.nio.channels.ServerSocketChannel} throws)
     * @throws UnknownHostException if the address is unresolved
     * @throws ClaimDeclinedException if the guard declines, with its reason; nothing listens
     * @throws java.io.InterruptedIOException if interrupted while the guard is asked
     * @throws UnsupportedOperationException if the transport in use can't honour an option, which
     *     the message names
     * @throws IOException if listening fails otherwise
     */
    public KeepaliveServer open(InetSocketAddress address) throws IOException {
      if (address.isUnresolved()) {
        throw new UnknownHostException(address.getHostString());
      }
      Claim claim = guard == null ? null : win();
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

    private Claim win() throws IOException {
      try {
        return ServingClaim.win(guard, guardTimeout);
      } catch (ClaimDeclinedException e) {
        newRecord(this).declined(e.getMessage());
        throw e;
      }
    }
  }
}
