package io.github.keepalive4j;

import io.github.keepalive4j.internal.Listener;
import io.github.keepalive4j.internal.Provider;
import io.github.keepalive4j.internal.Providers;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
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
  private static final int FAREWELL_POLL_MS = 2;
  private static final Duration FAREWELL_TIMEOUT = Duration.ofSeconds(1);

  private final ServerListener serverListener;
  private final Backups backups;
  private final Listener listener;
  private final Acceptor acceptor;
  private final HeldClaim claim; // null for none

  private KeepaliveServer(ServerSettings settings, InetSocketAddress address, Claim claim)
      throws IOException {
    Provider provider = Providers.get();
    KeepaliveOptions options = settings.optionsOr(provider.sourceDefaults());
    provider.check(options);
    serverListener = settings.listener();
    backups = new Backups(serverListener, settings.newAdmission());
    listener = provider.listen(address, settings.listenSettings());
    Responder responder = null;
    boolean open = false;
    try {
      responder = new Responder(provider, listener.localAddress().getPort(), settings.health());
      acceptor = new Acceptor(provider, listener, options, backups, responder);
      open = true;
    } finally {
      if (!open) {
        listener.close();
        closeQuietly(responder);
      }
    }
    this.claim = claim == null ? null : new HeldClaim(claim, settings.newRecord(), this::loseClaim);
  }

  private static void closeQuietly(Responder responder) {
    if (responder != null) {
      responder.close();
    }
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
      String refusalReason = claim.begin();
      if (refusalReason != null) {
        throw new ClaimDeclinedException(refusalReason);
      }
    }
    acceptor.start();
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
    return backups.size();
  }

  /**
   * Returns how many connections were closed because their peer sent a byte that the link doesn't
   * know.
   *
   * @return the number since the server was opened
   */
  public long violations() {
    return backups.violations();
  }

  /**
   * Returns how many connections were closed at once because they may not be: see {@link Refusal}.
   *
   * @return the number since the server was opened
   */
  public long refusals() {
    return backups.refusals();
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
    acceptor.close();
    listener.close();
    backups.dropAll();
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
    List<ServerConnection> told = backups.spoken().toList();
    told.forEach(ServerConnection::sayFarewell);
    long deadlineNs = System.nanoTime() + FAREWELL_TIMEOUT.toNanos();
    try {
      while (System.nanoTime() < deadlineNs && told.stream().anyMatch(backups::contains)) {
        Thread.sleep(FAREWELL_POLL_MS);
      }
    } finally {
      close();
    }
  }

  /** What a listener throws must not cost the other backups their events. */
  static void tell(Runnable call) {
    try {
      call.run();
    } catch (Throwable e) {
      log(e);
    }
  }

  static void log(Throwable error) {
    LOGGER.log(
        System.Logger.Level.ERROR, "a server's listener or wait failed; the server goes on", error);
  }

  /** Collects what a server is made with. Not thread-safe. */
  public static final class Builder {
    private final ServerSettings settings = new ServerSettings();

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
      settings.options(options);
      return this;
    }

    /**
     * Sets who hears of backups.
     *
     * @param listener called on a thread of the server's, never on the one that answers
     * @return this builder
     */
    public Builder listener(ServerListener listener) {
      settings.listener(listener);
      return this;
    }

    /**
     * Sets what withholds the answer to a backup under {@link Liveness#PROCESS}, which then takes
     * the process for hung: a check of the application's own, or a {@link DeadMansSwitch}. By
     * default a server that runs is healthy.
     *
     * @param health asked at each query on the thread that answers: it must return at once, for
     *     while it blocks no backup is answered; what it throws counts as false
     * @return this builder
     */
    public Builder health(BooleanSupplier health) {
      settings.health(health);
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
      settings.backlog(backlog);
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
      settings.allow(networks);
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
      settings.maxConnections(maxConnections);
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
      settings.maxConnectionsPerAddress(maxConnections);
      return this;
    }

    /**
     * Sets whether an IPv6 address takes IPv6 alone or IPv4 too ({@code IPV6_V6ONLY}). By default
     * it takes both.
     *
     * @param ipv6Only the switch
     * @return this builder
     */
    public Builder ipv6Only(boolean ipv6Only) {
      settings.ipv6Only(ipv6Only);
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
      settings.md5Key(network, key);
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
      settings.singleHop(singleHop);
      return this;
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
      settings.guard(guard, timeout);
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
      settings.journal(journal);
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
      Claim claim = settings.win();
      KeepaliveServer server = null;
      boolean open = false;
      try {
        server = new KeepaliveServer(settings, address, claim);
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
  }
}
