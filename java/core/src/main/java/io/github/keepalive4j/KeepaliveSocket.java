package io.github.keepalive4j;

import io.github.keepalive4j.internal.Connecting;
import io.github.keepalive4j.internal.Errno;
import io.github.keepalive4j.internal.InterruptHook;
import io.github.keepalive4j.internal.Link;
import io.github.keepalive4j.internal.LinkEvent;
import io.github.keepalive4j.internal.Millis;
import io.github.keepalive4j.internal.ObserverSlot;
import io.github.keepalive4j.internal.Provider;
import io.github.keepalive4j.internal.Providers;
import io.github.keepalive4j.internal.WatchSettings;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.channels.AlreadyConnectedException;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.Channel;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.NotYetConnectedException;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A backup's end of the heartbeat link: a TCP connection that the backup's kernel probes.
 *
 * <p>Thread-safe. {@link #close()} from any thread ends {@link #connectTo} and {@link
 * #awaitFailure()} with an {@link AsynchronousCloseException}. An interrupt of a thread in {@link
 * #awaitFailure()} ends the wait alone: the link stays open, and no verdict is lost. An interrupt
 * of a thread in {@link #connectTo} closes the link.
 *
 * <p>A link has one observer at a time: a {@link KeepaliveMonitor}, a thread in {@link
 * #awaitFailure()}, or the caller's own io-handler list with {@link #fd()} and {@link #classify()}.
 * The kernel reports a socket's error only once, so the link keeps the verdict for later calls.
 */
public final class KeepaliveSocket implements Channel {
  private static final Duration DEFAULT_CONNECT_TIMEOUT = Duration.ofSeconds(5);

  /** The observer while a thread is in connect, awaitFailure or classify. */
  private static final Object CALLER = new Object();

  private final KeepaliveOptions options;
  private final Link link;
  private volatile @Nullable InetSocketAddress peer; // null until connected
  private volatile @Nullable LinkEvent verdict; // null while there is none
  private @Nullable Failure lastFailure; // used by the observer alone
  private volatile boolean closed;
  private final ObserverSlot observer = new ObserverSlot();

  private KeepaliveSocket(KeepaliveOptions options, Link link) {
    this.options = options;
    this.link = link;
  }

  /** Makes a link that was connected to a source and is over, for a failure that a test makes. */
  static KeepaliveSocket over(InetSocketAddress peer, Link link) {
    KeepaliveSocket socket = new KeepaliveSocket(KeepaliveOptions.builder().build(), link);
    socket.peer = peer;
    return socket;
  }

  /**
   * Makes a link that is not connected yet. Another thread can close it while it connects.
   *
   * @throws UnsupportedOperationException if the transport in use can't honour an option, which the
   *     message names
   */
  public static KeepaliveSocket open(KeepaliveOptions options) {
    Provider provider = Providers.get();
    provider.check(Objects.requireNonNull(options, "options"));
    return new KeepaliveSocket(options, provider.newLink());
  }

  /**
   * Connects to a source within 5 s.
   *
   * @throws IOException as {@link #connectTo}
   */
  public static KeepaliveSocket connect(InetSocketAddress source, KeepaliveOptions options)
      throws IOException {
    return connect(source, options, DEFAULT_CONNECT_TIMEOUT);
  }

  /**
   * Connects to a source.
   *
   * @param timeout how long connecting may take, 1 ms to 2147483647 ms
   * @return the link, connected and healthy
   * @throws IOException as {@link #connectTo}
   */
  public static KeepaliveSocket connect(
      InetSocketAddress source, KeepaliveOptions options, Duration timeout) throws IOException {
    KeepaliveSocket socket = open(options);
    socket.connectTo(source, timeout);
    return socket;
  }

  /**
   * Connects this link. If that fails the link is closed.
   *
   * @param timeout how long connecting may take, 1 ms to 2147483647 ms
   * @throws java.net.ConnectException if nobody listens there, or a firewall refuses
   * @throws java.net.SocketTimeoutException if there was no answer in time. With probes also if the
   *     source doesn't answer a query: it doesn't use this library, or is not healthy
   * @throws java.net.NoRouteToHostException if the host or its network can't be reached
   * @throws SourceDeclinedException with probes, if the source accepted and declined this backup
   * @throws KeepaliveException with the errno of any other error of the kernel, for example if it
   *     refused an option
   * @throws ClosedByInterruptException if the thread is interrupted, before or meanwhile; it stays
   *     interrupted
   * @throws UnknownHostException if the address is unresolved
   * @throws AlreadyConnectedException if the link is connected
   * @throws ClosedChannelException if the link is closed, before or meanwhile
   * @throws IllegalArgumentException if the timeout is out of range, the port is 0, or the address
   *     is of another family than the options' source address
   * @throws IOException if connecting fails otherwise
   */
  public void connectTo(InetSocketAddress source, Duration timeout) throws IOException {
    int timeoutMs = Millis.of("timeout", timeout, 1);
    Connecting.requireTarget(source, options);
    claim(CALLER);
    try {
      if (peer != null) {
        throw new AlreadyConnectedException();
      }
      establish(source, timeoutMs);
    } finally {
      release(CALLER);
    }
  }

  private void establish(InetSocketAddress source, int timeoutMs) throws IOException {
    InterruptHook hook = new InterruptHook(this::close);
    boolean connected = false;
    hook.set();
    try {
      requireStillOpen();
      Connecting.connect(link, source, options, timeoutMs);
      peer = source;
      connected = isOpen();
    } finally {
      hook.set(); // a selector that waited meanwhile has replaced it
      endConnecting(connected, hook.clear());
    }
  }

  private void endConnecting(boolean connected, boolean interrupted) throws IOException {
    if (interrupted) {
      throw new ClosedByInterruptException();
    }
    if (!connected) {
      requireStillOpen();
      close();
    }
  }

  /** Returns the options that the link was made with. */
  public KeepaliveOptions options() {
    return options;
  }

  /**
   * Reads the options in effect back from the kernel, including those that were not set.
   *
   * @throws ClosedChannelException if the link is closed
   * @throws IOException if the kernel refuses
   */
  public KeepaliveOptions effectiveOptions() throws IOException {
    return KeepaliveOptions.of(link.effectiveOptions());
  }

  /**
   * Takes a snapshot of what the kernel knows about the connection.
   *
   * @throws ClosedChannelException if the link is closed
   * @throws IOException if the kernel refuses
   * @throws UnsupportedOperationException on the pure-JDK path
   */
  public TcpInfo tcpInfo() throws IOException {
    return link.tcpInfo();
  }

  /**
   * Returns the source's address.
   *
   * @throws NotYetConnectedException if the link isn't connected yet
   */
  public InetSocketAddress peer() {
    if (peer == null) {
      throw new NotYetConnectedException();
    }
    return peer;
  }

  /**
   * Returns the local address that the link sends from.
   *
   * @throws ClosedChannelException if the link is closed
   * @throws IOException if the kernel refuses
   */
  public InetSocketAddress localAddress() throws IOException {
    return link.localAddress();
  }

  /**
   * Returns the descriptor, for a caller with an io-handler list of its own. Poll it for reading,
   * and call {@link #classify()} when it is ready. Call that five times in each {@linkplain
   * KeepaliveOptions#interval interval}, too: if this host's own queue is full, the descriptor
   * never gets ready. Don't close it: that is for this link to do.
   *
   * <p>A link with probes or {@link KeepaliveOptions#failWithoutCarrier()} is refused: a caller
   * that waits for readiness sends no probes, and doesn't hear of the carrier.
   *
   * @throws ClosedChannelException if the link is closed
   * @throws IllegalStateException if the link has an observer, which would take the verdict away
   * @throws IOException if the kernel refuses
   * @throws UnsupportedOperationException with either of them, and on the pure-JDK path
   */
  public int fd() throws IOException {
    if (!isOpen()) {
      throw new ClosedChannelException();
    }
    observer.requireFree(peer);
    WatchSettings.requirePollable(options);
    return link.fd();
  }

  /**
   * Judges the link without waiting. With probes it sends the next one when that is due: call it
   * once an interval or more often.
   *
   * @return the failure, or empty while the link is healthy; cause {@link FailureCause#LEFT} if the
   *     source stood down
   * @throws KeepaliveException with EPROTO if the peer sent a byte that the link doesn't know; the
   *     link is closed
   * @throws ClosedChannelException if the link is closed
   * @throws IllegalStateException if the link has another observer
   * @throws IOException if the kernel refuses
   */
  public Optional<Failure> classify() throws IOException {
    claim(CALLER);
    try {
      judge(link::classify);
      return Optional.ofNullable(lastFailure());
    } finally {
      release(CALLER);
    }
  }

  /**
   * Waits until the link fails.
   *
   * @return the failure; cause {@link FailureCause#LEFT} if the source stood down
   * @throws InterruptedException as {@link #awaitFailure(Duration)}, like all else
   */
  public Failure awaitFailure() throws IOException, InterruptedException {
    return await(Long.MAX_VALUE).orElseThrow(); // the time never runs out: 292 years
  }

  /**
   * Waits until the link fails.
   *
   * @param timeout how long to wait at most, 0 or more; more than 292 years count as 292 years
   * @return the failure, or empty when the time ran out; cause {@link FailureCause#LEFT} if the
   *     source stood down
   * @throws InterruptedException if the thread is interrupted, before or meanwhile. The interrupt
   *     status is cleared, and the link stays as it is: watch it, or wait again
   * @throws KeepaliveException with EPROTO if the peer sent a byte that the link doesn't know; the
   *     link is closed
   * @throws ClosedChannelException if the link is closed, before or meanwhile
   * @throws IllegalStateException if the link has another observer
   * @throws IllegalArgumentException if the timeout is negative
   * @throws IOException if the kernel refuses
   */
  public Optional<Failure> awaitFailure(Duration timeout) throws IOException, InterruptedException {
    return await(Millis.saturatedNs("timeout", timeout));
  }

  private Optional<Failure> await(long limitNs) throws IOException, InterruptedException {
    claim(CALLER);
    try {
      long startNs = System.nanoTime();
      long leftNs = limitNs;
      do {
        if (Thread.interrupted()) {
          throw new InterruptedException("awaiting the failure of the link to " + peer);
        }
        int leftMs = Millis.atMost(leftNs);
        judge(() -> link.await(leftMs, WatchSettings.ofBackup(options, 0)));
        leftNs = limitNs - (System.nanoTime() - startNs);
      } while (verdict == null && leftNs > 0);
      return Optional.ofNullable(lastFailure());
    } finally {
      release(CALLER);
    }
  }

  private interface Look {
    @Nullable LinkEvent look() throws IOException;
  }

  /** Looks at the link, and keeps what ends it. */
  private void judge(Look look) throws IOException {
    LinkEvent event = verdict == null ? lookWhileOpen(look) : null;
    if (event != null) {
      refuseViolation(event);
      keep(event);
    }
  }

  private @Nullable LinkEvent lookWhileOpen(Look look) throws IOException {
    try {
      return look.look();
    } finally {
      requireStillOpen(); // closing ends the wait as the peer's FIN would
    }
  }

  /** Returns the verdict as a failure, always the same one, or null. */
  private @Nullable Failure lastFailure() {
    if (lastFailure == null && verdict != null) {
      lastFailure = verdictAt(System.nanoTime());
    }
    return lastFailure;
  }

  private void refuseViolation(LinkEvent event) throws IOException {
    if (event.type() == LinkEvent.Type.VIOLATION) {
      close();
      String octet = String.format("0x%02X", event.octet());
      throw new KeepaliveException(
          "source " + peer + " sent " + octet + ", which the link doesn't know",
          Errno.EPROTO.number());
    }
  }

  /** Keeps a monitor's verdict: the kernel reports it only once. */
  synchronized void keep(LinkEvent event) {
    if (event.type().isFinal() && verdict == null) {
      verdict = event;
    }
  }

  /** Returns the verdict as a callback gets it. */
  Failure verdictAt(long callbackNs) {
    return new Failure(this, verdict, callbackNs);
  }

  /** Returns the event of the verdict, or null while there is none. */
  @Nullable LinkEvent verdictEvent() {
    return verdict;
  }

  /** Looks for trouble on this side, also once closed after a failure. */
  Optional<LocalTrouble> localTrouble() {
    return link.localTrouble(peer());
  }

  /** Makes an observer the link's only one. */
  void claim(Object newObserver) throws ClosedChannelException {
    observer.claim(newObserver, peer);
    if (!isOpen()) {
      release(newObserver);
      throw new ClosedChannelException();
    }
  }

  /** Ends the observer's claim, if it still holds it. */
  void release(Object oldObserver) {
    observer.release(oldObserver);
  }

  /** Returns the watch that observes this link, or null. */
  @Nullable WatchedLink watch() {
    return observer.current() instanceof WatchedLink watch ? watch : null;
  }

  /** Returns the transport's half of this link. */
  Link link() {
    return link;
  }

  private void requireStillOpen() throws AsynchronousCloseException {
    if (!isOpen()) {
      throw new AsynchronousCloseException();
    }
  }

  @Override
  public boolean isOpen() {
    return !closed;
  }

  /**
   * Closes the link. Ends the waits on it, and its watch as {@link Watch#close()} does. The watch
   * of a group ends once all its links are closed, or too many for the others to be enough.
   */
  @Override
  public void close() {
    close(true);
  }

  /** Closes the link, for its owner or for the monitor after its last call. */
  void close(boolean byOwner) {
    closed = true;
    closeLink(byOwner); // by each caller: none may return before a callback can't begin any more
  }

  /** Reads what a failure may be asked for later; only now, to keep the callback from waiting. */
  void keepEvidence() {
    if (verdict != null) {
      link.captureRoute();
      verdict.evidence().capture();
    }
  }

  /** Does what may be done twice. No lock is held: a listener may end the JVM, and never return. */
  private void closeLink(boolean byOwner) {
    keepEvidence();
    link.beginClose();
    WatchedLink watch = watch();
    if (watch != null) {
      watch.cancel(byOwner);
    }
    link.close();
  }

  @Override
  public String toString() {
    return "KeepaliveSocket["
        + (peer == null ? "unconnected" : peer)
        + (isOpen() ? "" : ", closed")
        + "]";
  }
}
