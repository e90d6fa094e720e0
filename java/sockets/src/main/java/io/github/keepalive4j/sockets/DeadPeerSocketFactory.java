package io.github.keepalive4j.sockets;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.Objects;
import javax.net.SocketFactory;
import org.jspecify.annotations.Nullable;

/**
 * Makes sockets on which nobody waits for a dead peer longer than a budget, for drivers that take a
 * {@link SocketFactory} by the name of its class. For pgjdbc:
 *
 * <pre>{@code
 * jdbc:postgresql://db/app?socketFactory=io.github.keepalive4j.sockets.DeadPeerSocketFactory
 *     &socketFactoryArg=within=10s
 * }</pre>
 *
 * <p>The options are set when a socket connects, whoever connects it. They are set again after each
 * call of the driver's that changed one of them ({@link Socket#setKeepAlive}, {@link
 * Socket#setOption}), also through an {@code SSLSocket} on top. A peer that no rule matches is left
 * alone.
 *
 * <p>A peer that acknowledges but doesn't read for as long as the budget is taken for dead. Where
 * that may happen, use a {@link SocketSweeper} or the agent, which spare it. A socket behind a
 * SOCKS proxy is refused, because its peer is the proxy.
 *
 * <p>The rules {@code off} make sockets that are left alone.
 *
 * <p>The factory has no thread and holds no socket. It is immutable, so that threads may share it.
 */
public class DeadPeerSocketFactory extends SocketFactory {
  /**
   * The system property that holds the rules of factories made without rules. The agent reads it,
   * too.
   */
  public static final String PROPERTY = "keepalive4j.sockets";

  /** The rules of factories made without rules, where the property isn't set: 30 s, every peer. */
  public static final String DEFAULT_RULES = "within=30s";

  /** Instead of rules, as for the agent. */
  private static final String OFF = "off";

  private final SocketRules rules;

  /**
   * Makes a factory with the rules in {@link #PROPERTY}, or else with {@link #DEFAULT_RULES}, also
   * where the property is blank.
   *
   * @throws IllegalArgumentException if the property's value can't be read as rules
   */
  public DeadPeerSocketFactory() {
    this(null);
  }

  /**
   * Makes a factory with rules.
   *
   * @param rules such as {@code within=10s}, see {@link SocketRules#parse}, or {@code off}; null,
   *     as pgjdbc gives it without a {@code socketFactoryArg}, or blank: as without rules
   * @throws IllegalArgumentException if they can't be read; the message names the part
   */
  public DeadPeerSocketFactory(@Nullable String rules) {
    String given = isMissing(rules) ? System.getProperty(PROPERTY) : rules;
    String text = isMissing(given) ? DEFAULT_RULES : given;
    this.rules = text.equals(OFF) ? SocketRules.of() : SocketRules.parse(text);
  }

  private static boolean isMissing(@Nullable String rules) {
    return rules == null || rules.isBlank();
  }

  /** Returns a factory made without rules, for libraries that ask a class for its default. */
  public static SocketFactory getDefault() {
    return new DeadPeerSocketFactory();
  }

  /** Returns a socket that isn't connected yet. Its options are set when it connects. */
  @Override
  public Socket createSocket() {
    return new GovernedSocket(rules);
  }

  @Override
  public Socket createSocket(String host, int port) throws IOException {
    return connected(null, new InetSocketAddress(Objects.requireNonNull(host, "host"), port));
  }

  @Override
  public Socket createSocket(String host, int port, @Nullable InetAddress localHost, int localPort)
      throws IOException {
    InetSocketAddress peer = new InetSocketAddress(Objects.requireNonNull(host, "host"), port);
    return connected(new InetSocketAddress(localHost, localPort), peer);
  }

  @Override
  public Socket createSocket(InetAddress host, int port) throws IOException {
    return connected(null, new InetSocketAddress(Objects.requireNonNull(host, "host"), port));
  }

  @Override
  public Socket createSocket(
      InetAddress address, int port, @Nullable InetAddress localAddress, int localPort)
      throws IOException {
    Objects.requireNonNull(address, "address");
    InetSocketAddress peer = new InetSocketAddress(address, port);
    return connected(new InetSocketAddress(localAddress, localPort), peer);
  }

  private Socket connected(@Nullable InetSocketAddress local, InetSocketAddress peer)
      throws IOException {
    Socket socket = createSocket();
    boolean connected = false;
    try {
      if (local != null) {
        socket.bind(local);
      }
      socket.connect(peer);
      connected = true;
      return socket;
    } finally {
      if (!connected) {
        socket.close();
      }
    }
  }
}
