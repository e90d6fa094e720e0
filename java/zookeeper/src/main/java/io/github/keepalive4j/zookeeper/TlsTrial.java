package io.github.keepalive4j.zookeeper;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import org.apache.zookeeper.client.ZKClientConfig;
import org.apache.zookeeper.common.ClientX509Util;
import org.apache.zookeeper.common.X509Exception;
import org.apache.zookeeper.common.X509Util;
import org.jspecify.annotations.Nullable;

/**
 * Tries a TLS handshake with one server, as the client does. The client itself only logs why one
 * fails.
 */
final class TlsTrial {
  /** Ample for a refusal by a server that is well. */
  private static final int REFUSAL_MS = 250;

  /** Whoever waits for the outcome gives up before. */
  private static final int ANSWER_MS = 10_000;

  private static final byte[] QUESTION = "srvr".getBytes(StandardCharsets.US_ASCII);

  private final ZKClientConfig client;

  private TlsTrial(ZKClientConfig client) {
    this.client = client;
  }

  /** Returns null for a client without TLS. */
  static @Nullable TlsTrial of(@Nullable ZKClientConfig configured) {
    ZKClientConfig client = configured == null ? new ZKClientConfig() : configured;
    return client.getBoolean(ZKClientConfig.SECURE_CLIENT) ? new TlsTrial(client) : null;
  }

  /**
   * Connects, shakes hands, and waits for an answer, because a server of TLS 1.3 refuses a client's
   * certificate only after the handshake. A question that crossed the refusal would be answered by
   * a reset, and the reason be lost: so there is a pause before it.
   */
  void run(InetSocketAddress server, int connectMs) throws IOException {
    try (ClientX509Util tls = new ClientX509Util();
        SSLSocket socket = tls.createSSLContextAndOptions(client).createSSLSocket()) {
      verifyHostname(tls, socket);
      socket.setSoTimeout(ANSWER_MS);
      socket.connect(server, connectMs);
      socket.startHandshake();
      if (!hears(socket, REFUSAL_MS)) {
        socket.getOutputStream().write(QUESTION);
        socket.getOutputStream().flush();
        if (!hears(socket, ANSWER_MS)) {
          throw new SocketTimeoutException("no answer after the handshake");
        }
      }
    } catch (X509Exception e) {
      throw new SSLException(e.getMessage(), e);
    }
  }

  private static boolean hears(SSLSocket socket, int withinMs) throws IOException {
    socket.setSoTimeout(withinMs);
    try {
      if (socket.getInputStream().read() < 0) {
        throw new SSLException("the server closed the connection after the handshake");
      }
      return true;
    } catch (SocketTimeoutException e) {
      return false;
    }
  }

  /** Returns the error's own text and that of its first cause, which has the date or the name. */
  static String reason(SSLException error) {
    Throwable first = error;
    while (first.getCause() != null) {
      first = first.getCause();
    }
    String text = String.valueOf(error.getMessage());
    String cause = String.valueOf(first.getMessage());
    return text.contains(cause) ? text : text + ": " + cause;
  }

  /** In FIPS mode the client leaves this to the JDK, otherwise to its own trust manager. */
  private void verifyHostname(ClientX509Util tls, SSLSocket socket) {
    if (X509Util.getFipsMode(client) && tls.isServerHostnameVerificationEnabled(client)) {
      SSLParameters parameters = socket.getSSLParameters();
      parameters.setEndpointIdentificationAlgorithm("HTTPS");
      socket.setSSLParameters(parameters);
    }
  }
}
