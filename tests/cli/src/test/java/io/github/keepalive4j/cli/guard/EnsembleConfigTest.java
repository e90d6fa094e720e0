package io.github.keepalive4j.cli.guard;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.keepalive4j.cli.Keepalive;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is refused in a file of {@code --zookeeper-config}, before anything starts. */
@Isolated("each client of this JVM reads the property that it sets")
class EnsembleConfigTest {
  private static final String SECRET = "hunter2";
  private static final String JAAS = "java.security.auth.login.config";

  @TempDir private Path folder;

  @AfterEach
  void forgetTheLogin() {
    System.clearProperty(JAAS);
  }

  private Path file(String text) throws IOException {
    return Files.writeString(folder.resolve("zk.properties"), text);
  }

  private void requireRefused(String text, String reason) throws IOException {
    Path file = file(text);
    String message =
        assertThrows(IllegalArgumentException.class, () -> EnsembleConfig.read(file)).getMessage();
    assertTrue(message.startsWith(file + ": "), message);
    assertTrue(message.contains(reason), message);
    assertFalse(message.contains(SECRET), message);
  }

  @ParameterizedTest
  @CsvSource({
    "zookeeper.ssl.keyStore.pasword=hunter2, key 'zookeeper.ssl.keyStore.pasword' is not one of auth",
    "authorisation=digest:vm:hunter2, key 'authorisation' is not one of authorization",
    "hunter2, a key that isn't shown is not one of",
    "hunter, a key that isn't shown is not one of",
    "hunter2=x, a key that isn't shown is not one of",
    "authorization=hunter2, authorization is neither digest:USER:PASSWORD nor SCHEME:CREDENTIALS",
    "authorization=digest:hunter2, authorization is neither",
    "authorization=digest::hunter2, authorization is neither",
    "authorization=, authorization is empty",
    "zookeeper.client.secure=yes, 'zookeeper.client.secure is ''yes'', not one of true, false'",
    "zookeeper.clientCnxnSocket=Other, 'zookeeper.clientCnxnSocket is ''Other'', not one of Client'",
    "zookeeper.ssl.trustStore.location=/none, 'location is ''/none'', no file that can be read'",
    "zookeeper.ssl.keyStore.passwordPath=/none, 'passwordPath is ''/none'', no file that can be read'",
    "java.security.auth.login.config=/, 'login.config is ''/'', no file that can be read'",
    "zookeeper.ssl.trustStore.password=hunter2, trustStore.password goes with zookeeper.client.secure=true",
    "zookeeper.ssl.hostnameVerification=true, hostnameVerification goes with zookeeper.client.secure=",
    "zookeeper.sasl.clientconfig=Vm, zookeeper.sasl.clientconfig goes with java.security.auth.login",
    "zookeeper.server.principal=zk, zookeeper.server.principal goes with java.security.auth.login.config",
    "x=\\u12, Malformed",
  })
  void aMistakeIsNamed(String line, String reason) throws Exception {
    requireRefused(line, reason);
  }

  @Test
  void tlsNeedsNetty() throws Exception {
    requireRefused(
        "zookeeper.client.secure=true\nzookeeper.clientCnxnSocket=ClientCnxnSocketNIO",
        "zookeeper.clientCnxnSocket is 'ClientCnxnSocketNIO', which has no TLS");
  }

  @ParameterizedTest
  @ValueSource(strings = {"ciphersuites", "enabledProtocols"})
  void tlsThatTheJdkDoesNotHaveIsRefused(String key) throws Exception {
    requireRefused(
        "zookeeper.client.secure=true\nzookeeper.ssl." + key + "=none", "zookeeper.ssl: ");
  }

  @Test
  void aStoreThatCannotBeOpenedIsNamed() throws Exception {
    Path store = Files.writeString(folder.resolve("store.p12"), "no store");
    for (String which : new String[] {"keyStore", "trustStore"}) {
      String key = "zookeeper.ssl." + which;
      requireRefused(
          String.join(
              "\n",
              "zookeeper.client.secure=true",
              key + ".location=" + store,
              key + ".password=" + SECRET),
          key + ".location is '" + store + "', which can't be used: ");
    }
  }

  @Test
  void aLoginWithoutASectionOrOfAnotherFormIsRefused() throws Exception {
    Path login = folder.resolve("jaas");
    String reason = JAAS + " is '" + login + "', no JAAS configuration with a section Client";
    for (String text : new String[] {SecureServer.section("Server", ""), "Client { " + SECRET}) {
      Files.writeString(login, text);
      requireRefused(JAAS + "=" + login, reason);
    }
    Files.writeString(login, SecureServer.section("Client", ""));
    requireRefused(JAAS + "=" + login, "zookeeper.fips-mode is 'true', which it is by default");
    requireAccepted(JAAS + "=" + login + "\nzookeeper.fips-mode=false");
    assertEquals(login.toString(), System.getProperty(JAAS));
  }

  @Test
  void aLoginThatIsNotUsedIsNotLookedAt() throws Exception {
    Path login = Files.writeString(folder.resolve("jaas"), "Client {");
    requireAccepted(JAAS + "=" + login + "\nzookeeper.sasl.client=false");
    assertNull(System.getProperty(JAAS));
  }

  private void requireAccepted(String text) throws IOException {
    Path file = file(text);
    assertDoesNotThrow(() -> EnsembleConfig.read(file));
  }

  @Test
  void aFileOfAnotherKindIsRefused() throws Exception {
    Path file = folder.resolve("latin1");
    Files.write(file, "authorization=digest:vm:\u00e4".getBytes(StandardCharsets.ISO_8859_1));
    String message =
        assertThrows(IllegalArgumentException.class, () -> EnsembleConfig.read(file)).getMessage();
    assertEquals(file + ": is not in UTF-8", message);
    requireRefused("#".repeat(64 * 1024 + 1), "has more than 65536 bytes");
  }

  @Test
  void theCommandsReportAMistakeInOneLine() throws Exception {
    String none = folder.resolve("none").toString();
    String wrong = file("authorization=" + SECRET).toString();
    requireUsageError("there is no file " + none, "serve", none);
    requireUsageError(wrong + ": authorization is neither", "doctor", wrong);
  }

  private static void requireUsageError(String reason, String command, String file)
      throws Exception {
    try (Keepalive refused =
        Keepalive.run(
            command, "--zookeeper", "zk:2181", "--source-id", "vm1", "--zookeeper-config", file)) {
      assertEquals(2, refused.awaitEnd(), refused::output);
      assertEquals(1, refused.stderr().all().size(), refused::output);
      String error = refused.stderr().text();
      assertTrue(error.contains("'--zookeeper-config': " + reason), error);
      assertFalse(error.contains(SECRET), error);
    }
  }
}
