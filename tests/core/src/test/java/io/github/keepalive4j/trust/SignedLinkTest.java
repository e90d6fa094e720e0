package io.github.keepalive4j.trust;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.keepalive4j.Failure;
import io.github.keepalive4j.FailureCause;
import io.github.keepalive4j.IpNetwork;
import io.github.keepalive4j.KeepaliveException;
import io.github.keepalive4j.KeepaliveMonitor;
import io.github.keepalive4j.KeepaliveOptions;
import io.github.keepalive4j.KeepaliveServer;
import io.github.keepalive4j.KeepaliveSocket;
import io.github.keepalive4j.Md5Key;
import io.github.keepalive4j.TransportLink;
import io.github.keepalive4j.support.ChildJvm;
import io.github.keepalive4j.support.Eventually;
import io.github.keepalive4j.support.Needs;
import io.github.keepalive4j.support.Preload;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Links signed with a key ({@code TCP_MD5SIG}). */
class SignedLinkTest {
  private static final Md5Key KEY = key("open sesame");
  private static final Md5Key OTHER = key("open barley");
  private static final InetSocketAddress LOOPBACK =
      new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
  private static final Duration DEAF = Duration.ofMillis(300);

  @TempDir Path folder;

  private static Md5Key key(String text) {
    return Md5Key.of(text.getBytes(StandardCharsets.US_ASCII));
  }

  /** Requires a kernel that was built with signatures. One without says so, and nothing else. */
  static void needSignatures() throws IOException {
    try {
      KeepaliveServer.builder().md5Key(KEY).open(LOOPBACK).close();
    } catch (KeepaliveException e) {
      assertEquals("ENOPROTOOPT", e.errnoName());
      assertTrue(e.getMessage().contains("CONFIG_TCP_MD5SIG"), e.getMessage());
      Needs.lack(e.getMessage());
    }
  }

  private static KeepaliveSocket connect(KeepaliveServer server, String host, Md5Key key)
      throws IOException {
    KeepaliveOptions.Builder options = KeepaliveOptions.builder();
    Optional.ofNullable(key).ifPresent(options::md5Key);
    int port = server.localAddress().getPort();
    return KeepaliveSocket.connect(new InetSocketAddress(host, port), options.build(), DEAF);
  }

  private static void assertHeard(KeepaliveServer server, String host, Md5Key key)
      throws Exception {
    try (KeepaliveSocket link = connect(server, host, key)) {
      TransportLink.of(link).handshake(10_000);
      assertEquals(Optional.empty(), link.classify());
      assertEquals(Optional.empty(), link.effectiveOptions().md5Key());
    }
  }

  private static void assertNotHeard(KeepaliveServer server, String host, Md5Key key) {
    assertThrows(SocketTimeoutException.class, () -> connect(server, host, key).close());
  }

  @ParameterizedTest
  @CsvSource({"127.0.0.1, 127.0.0.1", "::, 127.0.0.1", "::, ::1"})
  void onlyABackupWithTheKeyIsHeard(String bind, String host) throws Exception {
    needSignatures();
    try (KeepaliveServer server =
        KeepaliveServer.builder().md5Key(KEY).open(new InetSocketAddress(bind, 0))) {
      assertHeard(server, host, KEY);
      assertNotHeard(server, host, OTHER);
      assertNotHeard(server, host, null);
      Eventually.await("none", () -> server.connections() == 0);
    }
  }

  @Test
  void eachNetworkHasItsKey() throws Exception {
    needSignatures();
    KeepaliveServer.Builder builder =
        KeepaliveServer.builder()
            .md5Key(IpNetwork.parse("127.0.0.0/8"), OTHER)
            .md5Key(IpNetwork.parse("127.0.0.1"), KEY)
            .md5Key(IpNetwork.parse("2001:db8::/32"), OTHER);
    for (String bind : new String[] {"::", "0.0.0.0"}) {
      try (KeepaliveServer server = builder.open(new InetSocketAddress(bind, 0))) {
        assertHeard(server, "127.0.0.1", KEY);
        assertNotHeard(server, "127.0.0.1", OTHER);
        if (bind.equals("::")) {
          assertHeard(server, "::1", null); // no key is for it
        }
      }
    }
  }

  @Test
  void aSourceWithoutTheKeyIsSilent() throws Exception {
    needSignatures();
    try (KeepaliveServer server = KeepaliveServer.open(LOOPBACK)) {
      assertNotHeard(server, "127.0.0.1", KEY);
      assertHeard(server, "127.0.0.1", null);
    }
  }

  @Test
  void aSignedLinkFailsOverWhenItsSourceEnds() throws Exception {
    needSignatures();
    CompletableFuture<Failure> failed = new CompletableFuture<>();
    KeepaliveServer server = KeepaliveServer.builder().md5Key(KEY).open(LOOPBACK);
    try (KeepaliveMonitor monitor = KeepaliveMonitor.open()) {
      KeepaliveOptions options =
          KeepaliveOptions.detectWithin(Duration.ofMillis(500)).toBuilder().md5Key(KEY).build();
      monitor.watch(
          KeepaliveSocket.connect(server.localAddress(), options),
          failover -> failed.complete(failover.failure()));
      server.close();
      FailureCause cause = failed.get(10, TimeUnit.SECONDS).cause();
      assertTrue(Set.of(FailureCause.CLOSED, FailureCause.RESET).contains(cause), cause::name);
    }
  }

  /** As a kernel without the option has it, which a preloaded library stands in for. */
  @Test
  void aKernelWithoutSignaturesIsNamedAndNothingIsLeftOpen() throws Exception {
    Preload noMd5 = Preload.compile("no_md5", folder);
    try (ChildJvm child = ChildJvm.start(noMd5.command(), Md5Program.class)) {
      assertTells(child.readLine(), "listening on localhost/127.0.0.1:0: TCP_MD5SIG");
      assertTells(child.readLine(), "setting up a link to /127.0.0.1:");
      assertEquals("nothing is left open", child.readLine());
    }
  }

  private static void assertTells(String message, String start) {
    assertTrue(message.startsWith(start), message);
    assertTrue(
        message.endsWith(
            "TCP_MD5SIG (this kernel was built without CONFIG_TCP_MD5SIG): ENOPROTOOPT (Protocol not available)"),
        message);
    assertFalse(message.contains("sesame"), message);
  }
}
