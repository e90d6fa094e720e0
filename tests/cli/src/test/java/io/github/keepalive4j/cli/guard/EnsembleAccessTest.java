package io.github.keepalive4j.cli.guard;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.keepalive4j.cli.Keepalive;
import io.github.keepalive4j.support.FailingSource;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Claims on an ensemble that asks who comes. Each test has a path of its own there. */
class EnsembleAccessTest {
  private static final String VM = "digest:vm:[A-Za-z0-9+/=]+ 31\n";

  @TempDir private static Path files;

  private static SecureServer server;

  @TempDir private Path folder;

  @BeforeAll
  static void start() throws Exception {
    server = new SecureServer(files);
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  private Path config(String... lines) throws Exception {
    return Files.write(folder.resolve("zk-" + lines.length + ".properties"), List.of(lines));
  }

  private Guarded on(String connectString) {
    return new Guarded(folder, List.of("--zookeeper", connectString, "--source-id", "vm1"));
  }

  /** Requires that this alone owns everything from the path to the claim, and beside that. */
  private static void requireOwner(String owner, String path) throws Exception {
    String record = path + "/keepalive4j/vm1";
    List<String> nodes = new ArrayList<>(List.of(path, path + "/keepalive4j", record));
    server.children(record).forEach(claim -> nodes.add(record + "/" + claim));
    assertTrue(nodes.size() >= 4, nodes.toString());
    for (String node : nodes) {
      String owners = server.owners(node);
      assertTrue(Pattern.matches(owner, owners), node + " " + owners);
    }
  }

  @Test
  void onlyABackupWithThePasswordTakesOver() throws Exception {
    String path = "/digest";
    String file = config("authorization=digest:vm:" + SecureServer.PASSWORD).toString();
    Guarded guarded = on(server.address() + path);
    try (FailingSource link = new FailingSource();
        Keepalive source = guarded.serve("--zookeeper-config", file)) {
      source.awaitEvent("listening");
      requireOwner(VM, path);
      try (Keepalive stranger = guarded.watch(link, "--on-failover", "exit 0")) {
        String reason = stranger.awaitEvent("not-armed").text("reason");
        assertTrue(reason.contains("NoAuth"), reason);
      }
      try (Keepalive backup =
          guarded.watch(link, "--on-failover", "exit 0", "--zookeeper-config", file)) {
        backup.awaitEvent("armed");
        link.failAll();
        long token = backup.awaitEvent("granted").number("token");
        assertTrue(token > source.awaitEvent("granted").number("token"));
        backup.awaitEvent("failover");
        assertFalse(backup.output().contains(SecureServer.PASSWORD), backup::output);
      }
      assertFalse(source.output().contains(SecureServer.PASSWORD), source::output);
      assertEquals(List.of(), source.events("warning"));
    }
    guarded.requireValidHistory();
  }

  @Test
  void theCommandsWarnWhereAnyoneMayDeleteAClaim() throws Exception {
    String ensemble = server.address() + "/open";
    String warning =
        "anyone may delete a claim: world:anyone may delete below /keepalive4j, /keepalive4j/vm1";
    Guarded guarded = on(ensemble);
    try (FailingSource link = new FailingSource();
        Keepalive source = guarded.serve();
        Keepalive backup = guarded.watch(link, "--on-failover", "exit 0")) {
      assertEquals(warning, source.awaitEvent("warning").text("message"));
      assertEquals(warning, backup.awaitEvent("warning").text("message"));
      try (Keepalive doctor = doctor(ensemble, config().toString())) {
        assertEquals(0, doctor.awaitEnd(), doctor::output);
        assertTrue(
            doctor.output().contains("warning: anyone may delete a claim: "), doctor::output);
      }
    }
  }

  private String[] tls() {
    return new String[] {
      "zookeeper.client.secure=true",
      "zookeeper.ssl.keyStore.location=" + server.keyStore(),
      "zookeeper.ssl.keyStore.password=" + SecureServer.PASSWORD,
      "zookeeper.ssl.trustStore.location=" + server.trustStore(),
      "zookeeper.ssl.trustStore.password=" + SecureServer.PASSWORD
    };
  }

  @Test
  void aCertificateLetsASourceIn() throws Exception {
    String file = config(tls()).toString();
    String ensemble = server.secureAddress() + "/tls";
    try (Keepalive source = on(ensemble).serve("--zookeeper-config", file)) {
      source.awaitEvent("listening");
      requireOwner("x509:CN=both 31\n", "/tls");
      try (Keepalive doctor = doctor(ensemble, file)) {
        assertEquals(0, doctor.awaitEnd(), doctor::output);
        assertTrue(doctor.output().contains("armed: a claim would be granted"), doctor::output);
        assertTrue(doctor.output().contains("not everyone may delete a claim"), doctor::output);
      }
    }
  }

  /** The client itself would only log it. */
  @Test
  void theReasonOfAFailedHandshakeIsTold() throws Exception {
    Path stranger = files.resolve("stranger.p12");
    SecureServer.makeStores(files.resolve("stranger-key.p12"), stranger);
    String[] lines = tls();
    lines[3] = "zookeeper.ssl.trustStore.location=" + stranger;
    String file = config(lines).toString();
    String reason = server.secureAddress() + " can't be used with TLS: PKIX path ";
    String ensemble = server.secureAddress() + "/unknown";
    Guarded guarded = on(ensemble);
    try (Keepalive source = guarded.serve("--zookeeper-config", file, "--claim-timeout", "1s")) {
      requireError(reason, source);
      assertEquals(1, source.awaitEnd(), source::output);
    }
    try (FailingSource link = new FailingSource();
        Keepalive backup =
            guarded.watch(link, "--on-failover", "exit 0", "--zookeeper-config", file)) {
      requireError(reason, backup);
    }
    try (Keepalive doctor = doctor(ensemble, file)) {
      assertEquals(1, doctor.awaitEnd(), doctor::output);
      assertTrue(doctor.output().contains("warning: " + reason), doctor::output);
    }
  }

  private static void requireError(String reason, Keepalive command) throws Exception {
    String message = command.awaitEvent("error").text("message");
    assertTrue(message.contains(reason), message);
  }

  private static Keepalive doctor(String ensemble, String file) throws Exception {
    return Keepalive.run(
        "doctor", "--zookeeper", ensemble, "--source-id", "vm1", "--zookeeper-config", file);
  }

  @Test
  void aLoginLetsASourceIn() throws Exception {
    Path login = folder.resolve("client.jaas");
    String who = "username=\"vm\" password=\"" + SecureServer.PASSWORD + "\"";
    Files.writeString(login, SecureServer.section("Client", who));
    String file =
        config("java.security.auth.login.config=" + login, "zookeeper.fips-mode=false").toString();
    try (Keepalive source = on(server.address() + "/sasl").serve("--zookeeper-config", file)) {
      source.awaitEvent("listening");
      requireOwner("sasl:vm 31\n", "/sasl");
    }
  }
}
