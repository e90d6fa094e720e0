package io.github.keepalive4j.sockets;

import io.github.keepalive4j.KeepaliveException;
import io.github.keepalive4j.KeepaliveOptions;
import io.github.keepalive4j.Transport;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.SocketException;
import java.net.SocketOption;
import java.net.StandardSocketOptions;

/**
 * A socket with the options of the first rule that matches its peer. A subclass and no sweeper,
 * since every way for a driver to change the options leads through these methods.
 */
final class GovernedSocket extends Socket {
  private final SocketRules rules;

  private volatile KeepaliveOptions options; // null until it is connected, and without a rule

  GovernedSocket(SocketRules rules) {
    this.rules = rules;
  }

  @Override
  public void connect(SocketAddress endpoint, int timeout) throws IOException {
    super.connect(endpoint, timeout);
    boolean governed = false;
    try {
      govern();
      governed = true;
    } finally {
      if (!governed) {
        close();
      }
    }
  }

  private void govern() throws IOException {
    InetSocketAddress peer = (InetSocketAddress) getRemoteSocketAddress();
    options =
        rules.match(peer).map(rule -> KeepaliveOptions.forTraffic(rule.within())).orElse(null);
    apply();
  }

  private void apply() throws IOException {
    KeepaliveOptions wanted = options;
    if (wanted == null) {
      return;
    }
    try {
      wanted.applyTo(this);
    } catch (UnsupportedOperationException e) {
      throw refusal(e);
    }
  }

  /** An error that drivers expect of a socket. */
  private static SocketException refusal(UnsupportedOperationException error) {
    String reason =
        Transport.NATIVE
            .unavailabilityCause()
            .map(Throwable::getMessage)
            .orElse(error.getMessage());
    String text = "no dead peer would be found by this socket, so it is refused: " + reason;
    return (SocketException) new SocketException(text).initCause(error);
  }

  /** After the driver has set something. Of a plain socket whose peer has reset it, that works. */
  private void applyAgain() throws IOException {
    try {
      apply();
    } catch (KeepaliveException e) {
      throw e;
    } catch (SocketException e) {
      return; // no longer connected: nothing is left to wait for, and its next read says so
    }
  }

  @Override
  public void setKeepAlive(boolean on) throws SocketException {
    super.setKeepAlive(on);
    try {
      applyAgain();
    } catch (IOException e) {
      throw (SocketException) new SocketException(e.getMessage()).initCause(e);
    }
  }

  @Override
  public <T> Socket setOption(SocketOption<T> name, T value) throws IOException {
    super.setOption(name, value);
    if (isOurs(name)) {
      applyAgain();
    }
    return this;
  }

  /** By name, because an image of the JDK may lack the class of the others. */
  private static boolean isOurs(SocketOption<?> name) {
    return name.equals(StandardSocketOptions.SO_KEEPALIVE) || name.name().startsWith("TCP_KEEP");
  }
}
