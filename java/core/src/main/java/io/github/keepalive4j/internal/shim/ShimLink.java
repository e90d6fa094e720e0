package io.github.keepalive4j.internal.shim;

import io.github.keepalive4j.KeepaliveException;
import io.github.keepalive4j.KeepaliveOptions;
import io.github.keepalive4j.LocalTrouble;
import io.github.keepalive4j.Md5Key;
import io.github.keepalive4j.TcpInfo;
import io.github.keepalive4j.internal.ConnectFailure;
import io.github.keepalive4j.internal.EffectiveOptions;
import io.github.keepalive4j.internal.Errno;
import io.github.keepalive4j.internal.Evidence;
import io.github.keepalive4j.internal.InterruptHook;
import io.github.keepalive4j.internal.Link;
import io.github.keepalive4j.internal.LinkEvent;
import io.github.keepalive4j.internal.NoEvidence;
import io.github.keepalive4j.internal.WatchSettings;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.NotYetConnectedException;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;

/** A link on a descriptor of the shim. */
final class ShimLink implements Link {
  private static final long SHUTDOWN_RETRY_NS = 100_000;

  /**
   * What an observer leaves to the next one; null until one has, which is never where a monitor
   * watches to the end. A link has one observer at a time.
   */
  private long[] observation;

  private Descriptor descriptor; // guarded by this; null until the socket is made
  private boolean closing; // guarded by this
  private boolean closed; // guarded by this
  private volatile InetSocketAddress peer; // for messages; null for a source's end
  private volatile KeepaliveOptions options = KeepaliveOptions.defaults();

  private volatile int interfaceIndex; // whose carrier the link depends on, or 0 for none
  private volatile ShimRoute routeAtClose; // null unless closed after a failure

  ShimLink() {}

  ShimLink(int fd) {
    descriptor = new Descriptor(fd);
  }

  @Override
  public void connect(InetSocketAddress source, KeepaliveOptions wanted, int timeoutMs)
      throws IOException {
    peer = source;
    options = wanted;
    ShimLibrary.acquire();
    try {
      adopt(open(source, wanted));
    } finally {
      ShimLibrary.release();
    }
    Descriptor used = acquire();
    int result;
    int found = 0;
    try {
      result = Shim.ka_connect(used.number(), AddressLayout.encode(source), timeoutMs);
      if (result == 0 && wanted.failWithoutCarrier()) {
        found = Shim.ka_interface(used.number());
      }
    } finally {
      used.release();
    }
    if (result < 0) {
      close();
      throw ConnectFailure.of(source, timeoutMs, -result, null);
    }
    dependOn(found);
  }

  /** Notes the interface by which the link leaves this host, or refuses the link if it has none. */
  private void dependOn(int found) throws KeepaliveException {
    if (found < 0) {
      close();
      boolean loopback = found == -Errno.EOPNOTSUPP.number();
      throw new KeepaliveException(
          "failWithoutCarrier: "
              + (loopback ? "the loopback device has no carrier to lose" : "finding the interface")
              + ", for the link to "
              + peer,
          -found);
    }
    interfaceIndex = found;
  }

  /** Encodes how the link is watched. */
  byte[] watchConfig(WatchSettings settings) {
    return WatchConfigLayout.encode(settings, interfaceIndex);
  }

  /** Returns what is watched, for messages. */
  String watched(int fd) {
    String descriptor = "watching descriptor " + fd;
    return interfaceIndex == 0
        ? descriptor
        : descriptor
            + " and the carrier of interface "
            + interfaceIndex
            + " (failWithoutCarrier: by netlink, in this thread's network namespace)";
  }

  /** Returns the user timeout that is set for an observation, or 0 for none. */
  private int userTimeoutMs() {
    boolean probing = options.probeInterval().isPresent();
    return probing ? (int) options.userTimeout().orElse(Duration.ZERO).toMillis() : 0;
  }

  private static int open(InetSocketAddress peer, KeepaliveOptions options) throws IOException {
    int[] failed = new int[1];
    int fd = Shim.ka_open(AddressLayout.family(peer), ConfigLayout.encode(options), failed);
    if (fd < 0) {
      throw setUpRefusal(peer, Option.of(failed[0]), -fd);
    }
    if (options.md5Key().isPresent()) {
      setKey(fd, peer, options.md5Key().get());
    }
    return fd;
  }

  private static void setKey(int fd, InetSocketAddress peer, Md5Key key) throws IOException {
    byte[] encoded = Md5KeyLayout.encode(peer.getAddress(), key);
    int result = Shim.ka_set_md5_key(fd, encoded);
    Arrays.fill(encoded, (byte) 0);
    if (result < 0) {
      Shim.ka_close(fd);
      throw setUpRefusal(peer, Option.TCP_MD5SIG, -result);
    }
  }

  private static IOException setUpRefusal(InetSocketAddress peer, Option option, int errno) {
    return new KeepaliveException(
        "setting up a link to " + peer + ": " + option.refusedWith(errno), errno);
  }

  private synchronized void adopt(int fd) throws ClosedChannelException {
    if (closing) {
      Shim.ka_close(fd);
      throw new ClosedChannelException();
    }
    descriptor = new Descriptor(fd);
  }

  private synchronized Descriptor current() {
    if (descriptor == null) {
      throw new NotYetConnectedException();
    }
    return descriptor;
  }

  /** Begins a use of the descriptor, which {@link Descriptor#release} ends. */
  Descriptor acquire() throws ClosedChannelException {
    Descriptor used = current();
    used.acquire();
    return used;
  }

  /** Returns the descriptor's number, which stays this link's until {@link #close}. */
  int number() {
    return current().number();
  }

  /**
   * Sets the user timeout of a link with probes. While nobody sends them it is off, because with it
   * keepalive takes one lost probe for the end. The caller holds a use.
   *
   * @return 0 or -errno
   */
  int beginObservation() {
    int timeoutMs = userTimeoutMs();
    return timeoutMs == 0 ? 0 : Shim.ka_set_user_timeout(number(), timeoutMs);
  }

  /** Takes the user timeout back, unless the link is being closed. */
  void endObservation() {
    if (userTimeoutMs() == 0) {
      return;
    }
    Descriptor used = current();
    try {
      used.acquire();
    } catch (ClosedChannelException e) {
      return;
    }
    Shim.ka_set_user_timeout(used.number(), 0); // fails only if there is nothing to take back
    used.release();
  }

  boolean isClosing() {
    return current().isClosed();
  }

  /** Returns what the observer resumes from, or null if nobody else has observed the link. */
  long[] earlierObservation() {
    return observation;
  }

  /** Returns what an observer leaves to the next one, or null if the link is being closed. */
  long[] observationToKeep() {
    return isClosing() ? null : observation();
  }

  /** Returns what the observer resumes from and leaves to the next one. */
  long[] observation() {
    if (observation == null) {
      observation = new long[Layout.OBSERVATION_WORDS];
    }
    return observation;
  }

  @Override
  public EffectiveOptions effectiveOptions() throws IOException {
    byte[] config = new byte[Layout.CONFIG_SIZE];
    call("reading the options", fd -> Shim.ka_effective(fd, config));
    return ConfigLayout.decode(config);
  }

  @Override
  public TcpInfo tcpInfo() throws IOException {
    byte[] info = new byte[Layout.TCP_INFO_SIZE];
    int length = call("reading TCP_INFO", fd -> Shim.ka_tcp_info(fd, info, info.length));
    return TcpInfo.of(ByteBuffer.wrap(info, 0, length).order(ByteOrder.nativeOrder()));
  }

  /**
   * Reads the evidence that was deferred at a verdict. Without a lambda: to link one takes longer,
   * and this may be the program's only failure.
   */
  Evidence evidence(long verdictNs) {
    long[] event = EventLayout.ofVerdictAt(verdictNs);
    Descriptor used;
    try {
      used = acquire();
    } catch (ClosedChannelException e) {
      return NoEvidence.INSTANCE;
    }
    try {
      int result = Shim.ka_evidence(used.number(), event);
      return result < 0 ? NoEvidence.INSTANCE : EventLayout.evidence(event);
    } finally {
      used.release();
    }
  }

  @Override
  public int fd() throws IOException {
    return call("reading the descriptor", fd -> fd);
  }

  @Override
  public InetSocketAddress localAddress() throws IOException {
    byte[] address = new byte[Layout.ADDRESS_SIZE];
    call("reading the local address", fd -> Shim.ka_local_address(fd, address));
    return AddressLayout.decode(address);
  }

  @Override
  public void captureRoute() {
    routeAtClose = route();
  }

  @Override
  public Optional<LocalTrouble> localTrouble(InetSocketAddress source) {
    ShimRoute route = route();
    return route == null ? Optional.empty() : route.check(source);
  }

  /** Reads the route of an open link; returns that of a closed one, or null if it is unknown. */
  private ShimRoute route() {
    Descriptor used;
    try {
      used = acquire();
    } catch (ClosedChannelException | NotYetConnectedException e) {
      return routeAtClose;
    }
    try {
      return ShimRoute.of(used.number(), interfaceIndex);
    } finally {
      used.release();
    }
  }

  @Override
  public void handshake(int timeoutMs) throws IOException {
    call("the handshake", fd -> Shim.ka_handshake(fd, timeoutMs));
  }

  @Override
  public LinkEvent await(int timeoutMs, WatchSettings settings) throws IOException {
    byte[] config = watchConfig(settings);
    long[] event = EventLayout.empty();
    int count = call("awaiting a failure", fd -> awaitOrWake(fd, config, timeoutMs, event));
    return count == 0 ? null : EventLayout.decode(event, this);
  }

  /** Waits until the event, the time's end or an interrupt. */
  private int awaitOrWake(int fd, byte[] config, int timeoutMs, long[] event) {
    Descriptor used = current();
    int wakeFd = used.wakeFd();
    if (wakeFd < 0) {
      return wakeFd;
    }
    InterruptHook hook = new InterruptHook(used::wake);
    hook.set();
    try {
      int begun = beginObservation();
      if (begun < 0) {
        return begun;
      }
      int result = Shim.ka_await_or_wake(fd, wakeFd, config, observation(), timeoutMs, event);
      return result == -Errno.ECANCELED.number() ? 0 : result;
    } finally {
      endObservation();
      hook.clear();
    }
  }

  @Override
  public LinkEvent classify() throws IOException {
    byte[] config = watchConfig(WatchSettings.ofBackup(options, 0));
    long[] event = EventLayout.empty();
    int count = call("judging the link", fd -> Shim.ka_classify(fd, config, observation(), event));
    return count == 0 ? null : EventLayout.decode(event, this);
  }

  @Override
  public void send(byte octet) throws IOException {
    call(
        "sending a byte",
        fd -> {
          int sent = Shim.ka_send(fd, octet);
          return sent == -Errno.EAGAIN.number() ? 0 : sent;
        });
  }

  private int call(String what, Call function) throws IOException {
    Descriptor used = acquire();
    int result;
    try {
      result = function.on(used.number());
    } finally {
      used.release();
    }
    if (result < 0) {
      throw new KeepaliveException(peer == null ? what : what + " of the link to " + peer, -result);
    }
    return result;
  }

  @Override
  public synchronized void beginClose() {
    if (!closing) {
      closing = true;
      closed = descriptor == null || !descriptor.beginClose();
    }
  }

  @Override
  public void close() {
    Descriptor mine = takeForClosing();
    if (mine != null) {
      endWaits(mine);
      mine.release();
    }
  }

  /** Returns the descriptor if the caller is the one to close it, else null. */
  private synchronized Descriptor takeForClosing() {
    beginClose();
    if (closed) {
      return null;
    }
    closed = true;
    return descriptor;
  }

  /**
   * Another thread may be about to call connect(2); until then shutdown(2) ends no wait. No lock is
   * held meanwhile, because that thread may need it to finish.
   */
  private static void endWaits(Descriptor used) {
    while (used.isShared() && Shim.ka_shutdown(used.number()) == -Errno.ENOTCONN.number()) {
      LockSupport.parkNanos(SHUTDOWN_RETRY_NS);
    }
  }

  private interface Call {
    int on(int fd);
  }
}
