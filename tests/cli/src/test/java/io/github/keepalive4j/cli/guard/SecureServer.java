package io.github.keepalive4j.cli.guard;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.keepalive4j.support.JavaCommand;
import io.github.keepalive4j.support.Jdk;
import io.github.keepalive4j.support.UnusedAddress;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apache.curator.framework.CuratorFramework;
import org.apache.curator.framework.CuratorFrameworkFactory;
import org.apache.curator.retry.RetryForever;
import org.apache.zookeeper.server.ZooKeeperServerMain;
import org.apache.zookeeper.server.auth.DigestAuthenticationProvider;

/** An ensemble of one process that knows passwords, logins and certificates. */
final class SecureServer implements AutoCloseable {
  static final String PASSWORD = "open-sesame";
  private static final String ADMIN = "super:admin";

  private final Path folder;
  private final int port = UnusedAddress.find().getPort();
  private final int securePort = UnusedAddress.find().getPort();
  private final Process server;
  private final CuratorFramework client; // may read everything

  /** Keeps its files in a folder. */
  SecureServer(Path folder) throws Exception {
    this.folder = folder;
    makeStores(keyStore(), trustStore());
    server = start();
    client =
        CuratorFrameworkFactory.builder()
            .connectString(address())
            .sessionTimeoutMs(3_000) // a connection that comes too early is given up after that
            .authorization("digest", ADMIN.getBytes(StandardCharsets.UTF_8))
            .retryPolicy(new RetryForever(100))
            .build();
    client.start();
    assertTrue(client.blockUntilConnected(60, TimeUnit.SECONDS), () -> "no answer by " + server);
  }

  /** Makes one key, and a store that trusts its certificate. */
  static void makeStores(Path keyFile, Path trustFile) throws Exception {
    List<String> command =
        List.of(
            Jdk.home().resolve("bin/keytool").toString(),
            "-genkeypair",
            "-alias",
            "both",
            "-keyalg",
            "EC",
            "-dname",
            "CN=both",
            "-ext",
            "SAN=IP:127.0.0.1,DNS:localhost",
            "-storetype",
            "PKCS12",
            "-keystore",
            keyFile.toString(),
            "-storepass",
            PASSWORD);
    assertEquals(0, new ProcessBuilder(command).inheritIO().start().waitFor());
    KeyStore store = KeyStore.getInstance(keyFile.toFile(), PASSWORD.toCharArray());
    KeyStore trust = KeyStore.getInstance("PKCS12");
    trust.load(null, null);
    trust.setCertificateEntry("both", store.getCertificate("both"));
    try (OutputStream out = Files.newOutputStream(trustFile)) {
      trust.store(out, PASSWORD.toCharArray());
    }
  }

  private Process start() throws Exception {
    Path login = folder.resolve("server.jaas");
    Files.writeString(login, section("Server", "user_vm=\"" + PASSWORD + "\""));
    Path configuration = folder.resolve("zoo.cfg");
    Files.write(
        configuration,
        List.of(
            "dataDir=" + folder.resolve("data"),
            "clientPort=" + port,
            "clientPortAddress=127.0.0.1",
            "secureClientPort=" + securePort,
            "secureClientPortAddress=127.0.0.1",
            "admin.enableServer=false",
            "minSessionTimeout=30000",
            "maxSessionTimeout=30000",
            "authProvider.sasl=org.apache.zookeeper.server.auth.SASLAuthenticationProvider",
            "authProvider.x509=org.apache.zookeeper.server.auth.X509AuthenticationProvider",
            "ssl.keyStore.location=" + keyStore(),
            "ssl.keyStore.password=" + PASSWORD,
            "ssl.trustStore.location=" + trustStore(),
            "ssl.trustStore.password=" + PASSWORD));
    List<String> options =
        List.of(
            "-Xmx96m",
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "-Dzookeeper.forceSync=no",
            "-Dzookeeper.fips-mode=false",
            "-Djava.security.auth.login.config=" + login,
            "-Dzookeeper.serverCnxnFactory=org.apache.zookeeper.server.NettyServerCnxnFactory",
            "-Dzookeeper.DigestAuthenticationProvider.superDigest="
                + DigestAuthenticationProvider.generateDigest(ADMIN));
    return new ProcessBuilder(
            JavaCommand.of(options, ZooKeeperServerMain.class, configuration.toString()))
        .redirectErrorStream(true)
        .redirectOutput(folder.resolve("server.log").toFile())
        .start();
  }

  static String section(String name, String options) {
    return name
        + " { org.apache.zookeeper.server.auth.DigestLoginModule required "
        + options
        + "; };\n";
  }

  Path keyStore() {
    return folder.resolve("key.p12");
  }

  Path trustStore() {
    return folder.resolve("trust.p12");
  }

  String address() {
    return "127.0.0.1:" + port;
  }

  /** Returns where TLS is spoken. */
  String secureAddress() {
    return "127.0.0.1:" + securePort;
  }

  /** Returns who has which rights on a node, one owner a line. */
  String owners(String path) throws Exception {
    StringBuilder owners = new StringBuilder();
    client
        .getACL()
        .forPath(path)
        .forEach(
            acl ->
                owners
                    .append(acl.getId().getScheme())
                    .append(':')
                    .append(acl.getId().getId())
                    .append(' ')
                    .append(acl.getPerms())
                    .append('\n'));
    return owners.toString();
  }

  List<String> children(String path) throws Exception {
    return client.getChildren().forPath(path);
  }

  @Override
  public void close() {
    client.close();
    server.destroyForcibly().onExit().join();
  }
}
