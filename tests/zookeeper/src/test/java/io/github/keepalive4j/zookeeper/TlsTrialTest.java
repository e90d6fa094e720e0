package io.github.keepalive4j.zookeeper;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.keepalive4j.support.Jdk;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;
import org.apache.zookeeper.client.ZKClientConfig;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Why a server can't be used with TLS is found out and told. */
@Timeout(60)
class TlsTrialTest {
  private static final String PASSWORD = "open-sesame";

  @TempDir private static Path stores;

  /** Makes an authority, of which all but the stranger have a certificate. */
  @BeforeAll
  static void makeStores() throws Exception {
    keytool("-genkeypair", "authority", "authority", "CN=authority", "-ext", "bc:c");
    keytool("-genkeypair", "stranger", "stranger", "CN=stranger", "-ext", "SAN=IP:127.0.0.1");
    try (OutputStream out = Files.newOutputStream(stores.resolve("trust"))) {
      trusting("authority").store(out, PASSWORD.toCharArray());
    }
    Files.copy(stores.resolve("authority"), stores.resolve("client"));
    certify("good", "SAN=IP:127.0.0.1");
    certify("expired", "SAN=IP:127.0.0.1", "-startdate", "-3d", "-validity", "2");
    certify("elsewhere", "SAN=IP:192.0.2.1,DNS:elsewhere.example");
  }

  private static void certify(String alias, String names, String... more) throws Exception {
    List<String> all = new ArrayList<>(List.of("-signer", "authority", "-ext", names));
    all.addAll(List.of(more));
    keytool("-genkeypair", "authority", alias, "CN=" + alias, all.toArray(String[]::new));
  }

  private static void keytool(
      String action, String store, String alias, String name, String... more) throws Exception {
    List<String> command =
        Stream.concat(
                Stream.of(
                    Jdk.home().resolve("bin/keytool").toString(),
                    action,
                    "-alias",
                    alias,
                    "-keyalg",
                    "EC",
                    "-dname",
                    name,
                    "-storetype",
                    "PKCS12",
                    "-keystore",
                    stores.resolve(store).toString(),
                    "-storepass",
                    PASSWORD),
                Stream.of(more))
            .toList();
    assertEquals(0, new ProcessBuilder(command).inheritIO().start().waitFor());
  }

  private static KeyStore load(String store) throws Exception {
    return KeyStore.getInstance(stores.resolve(store).toFile(), PASSWORD.toCharArray());
  }

  /** Returns a server's TLS: one certificate, and for its clients one whom it trusts. */
  private static SSLContext tls(String alias, String trusted) throws Exception {
    KeyStore from = load(alias.equals("stranger") ? "stranger" : "authority");
    KeyStore own = KeyStore.getInstance("PKCS12");
    own.load(null, null);
    own.setKeyEntry(
        alias,
        from.getKey(alias, PASSWORD.toCharArray()),
        PASSWORD.toCharArray(),
        from.getCertificateChain(alias));
    KeyManagerFactory keys = KeyManagerFactory.getInstance("PKIX");
    keys.init(own, PASSWORD.toCharArray());
    TrustManagerFactory trust = TrustManagerFactory.getInstance("PKIX");
    trust.init(trusting(trusted));
    SSLContext tls = SSLContext.getInstance("TLS");
    tls.init(keys.getKeyManagers(), trust.getTrustManagers(), null);
    return tls;
  }

  private static KeyStore trusting(String alias) throws Exception {
    KeyStore trust = KeyStore.getInstance("PKCS12");
    trust.load(null, null);
    trust.setCertificateEntry(alias, load(alias).getCertificate(alias));
    return trust;
  }

  /** Returns a client that has the authority's certificate, and trusts it. */
  private static ZKClientConfig client(boolean fips) {
    ZKClientConfig client = new ZKClientConfig();
    client.setProperty(ZKClientConfig.SECURE_CLIENT, "true");
    client.setProperty("zookeeper.fips-mode", Boolean.toString(fips));
    for (String store : List.of("keyStore", "trustStore")) {
      String key = "zookeeper.ssl." + store;
      String file = store.equals("keyStore") ? "client" : "trust";
      client.setProperty(key + ".location", stores.resolve(file).toString());
      client.setProperty(key + ".password", PASSWORD);
      client.setProperty(key + ".type", "PKCS12");
    }
    return client;
  }

  private static DryRun.Step tryServer(ServerSocket server, boolean fips) {
    InetSocketAddress address =
        InetSocketAddress.createUnresolved("127.0.0.1", server.getLocalPort());
    DryRun.Step step =
        ServerTrial.begin(address, TlsTrial.of(client(fips)))
            .await(Deadline.in(Duration.ofSeconds(20)));
    assertTrue(step.detail().startsWith("127.0.0.1:" + server.getLocalPort()), step.detail());
    return step;
  }

  /** Answers each question with a line. */
  private static Thread serve(SSLServerSocket server) {
    Thread thread =
        new Thread(
            () -> {
              while (!server.isClosed()) {
                try (SSLSocket socket = (SSLSocket) server.accept()) {
                  socket.setSoTimeout(5_000);
                  int first = socket.getInputStream().read();
                  socket.getOutputStream().write(first);
                } catch (IOException e) {
                  // the client's doing
                }
              }
            });
    thread.setDaemon(true);
    thread.start();
    return thread;
  }

  @ParameterizedTest
  @CsvSource({
    "good,      authority, true,  takes connections with TLS",
    "good,      authority, false, takes connections with TLS",
    "stranger,  authority, true,  unable to find valid certification path to requested target",
    "expired,   authority, true,  NotAfter: ",
    "elsewhere, authority, true,  No subject alternative names matching IP address 127.0.0.1 found",
    "elsewhere, authority, false, 127.0.0.1",
  })
  void aHandshakeSucceedsOrTellsItsReason(
      String certificate, String trusted, boolean fips, String reason) throws Exception {
    SSLContext tls = tls(certificate, trusted);
    try (SSLServerSocket server =
        (SSLServerSocket)
            tls.getServerSocketFactory()
                .createServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
      server.setNeedClientAuth(true);
      Thread unused = serve(server);
      DryRun.Step step = tryServer(server, fips);
      assertTrue(step.detail().contains(reason), step.detail());
      boolean isGood = certificate.equals("good") && trusted.equals("authority");
      assertEquals(isGood, step.outcome() == DryRun.Outcome.OK, step.toString());
      assertEquals(isGood, !step.detail().contains(" can't be used with TLS: "), step.detail());
    }
  }

  /** A question that crosses the refusal is answered by a reset, which overtakes the reason. */
  @RepeatedTest(10)
  void theReasonOfAServerThatRefusesTheClientIsTold() throws Exception {
    aHandshakeSucceedsOrTellsItsReason("good", "stranger", true, "Received fatal alert: ");
  }

  @Test
  void aServerWithoutTlsIsNamed() throws Exception {
    try (ServerSocket server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
      Thread closing =
          new Thread(
              () -> {
                while (!server.isClosed()) {
                  try (var socket = server.accept()) {
                    socket
                        .getOutputStream()
                        .write("no TLS here".getBytes(StandardCharsets.US_ASCII));
                  } catch (IOException e) {
                    // closed
                  }
                }
              });
      closing.setDaemon(true);
      closing.start();
      String detail = tryServer(server, true).detail();
      assertTrue(detail.contains(" can't be used with TLS: "), detail);
      String address = "127.0.0.1:" + server.getLocalPort();
      DryRun run =
          ZooKeeperGuard.builder(address, "vm1")
              .client(client -> client.zkClientConfig(client(true)))
              .dryRun(Duration.ofSeconds(4));
      String failure = run.failure().orElseThrow();
      assertTrue(failure.contains("; " + address + " can't be used with TLS: "), failure);
    }
  }
}
