package io.github.keepalive4j.trust;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.github.keepalive4j.KeepaliveOptions;
import io.github.keepalive4j.KeepaliveServer;
import io.github.keepalive4j.KeepaliveSocket;
import io.github.keepalive4j.TransportLink;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Links that hear only what comes from their own network. */
class SingleHopTest {
  private static final KeepaliveOptions SINGLE_HOP =
      KeepaliveOptions.builder().singleHop(true).build();

  private static KeepaliveSocket connect(
      KeepaliveServer server, String host, KeepaliveOptions options) throws IOException {
    int port = server.localAddress().getPort();
    return KeepaliveSocket.connect(
        new InetSocketAddress(host, port), options, Duration.ofMillis(300));
  }

  @ParameterizedTest
  @CsvSource({"127.0.0.1, 127.0.0.1", "::, 127.0.0.1", "::, ::1"})
  void bothEndsNeedSingleHop(String bind, String host) throws Exception {
    try (KeepaliveServer server =
        KeepaliveServer.builder().singleHop(true).open(new InetSocketAddress(bind, 0))) {
      try (KeepaliveSocket link = connect(server, host, SINGLE_HOP)) {
        TransportLink.of(link).handshake(10_000);
        assertEquals(true, link.effectiveOptions().singleHop());
      }
      assertThrows(
          SocketTimeoutException.class,
          () -> connect(server, host, KeepaliveOptions.defaults()).close());
    }
    try (KeepaliveServer server = KeepaliveServer.open(new InetSocketAddress(bind, 0))) {
      assertThrows(SocketTimeoutException.class, () -> connect(server, host, SINGLE_HOP).close());
    }
  }

  @Test
  void singleHopIsReadBackWhereItIsOffToo() throws Exception {
    KeepaliveOptions off = KeepaliveOptions.builder().singleHop(false).build();
    try (KeepaliveServer server = KeepaliveServer.open(new InetSocketAddress("::", 0))) {
      for (KeepaliveOptions options : new KeepaliveOptions[] {off, KeepaliveOptions.defaults()}) {
        for (String host : new String[] {"127.0.0.1", "::1"}) {
          try (KeepaliveSocket link = connect(server, host, options)) {
            assertEquals(false, link.effectiveOptions().singleHop());
          }
        }
      }
    }
  }
}
