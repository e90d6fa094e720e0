package io.github.keepalive4j.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.keepalive4j.cli.guard.ClaimServer;
import io.github.keepalive4j.support.Jdk;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The jar runs on the oldest and the newest supported JDK without a warning. */
class JdkTest {
  @ParameterizedTest
  @ValueSource(ints = {17, 25})
  void theJarWorks(int feature) throws Exception {
    String java = Jdk.java(feature);
    try (Keepalive doctor = Keepalive.start(java, List.of(), "doctor")) {
      assertEquals(0, doctor.awaitEnd(), doctor::output);
      assertEquals("", doctor.stderr().text());
    }
    failOver(java);
  }

  private static void failOver(String java) throws Exception {
    try (Keepalive source =
        Keepalive.start(java, List.of(), "serve", "--bind", "127.0.0.1", "--port", "0", "--json")) {
      String address = source.awaitEvent("listening").text("peer");
      try (Keepalive backup = Keepalive.start(java, List.of(), "watch", address, "--json")) {
        backup.awaitEvent("up");
        source.kill();
        assertEquals(0, backup.awaitEnd(), backup::output);
        assertEquals(List.of("up", "failover"), backup.eventTypes());
        assertEquals("", backup.stderr().text());
      }
      source.awaitEnd();
      assertEquals("", source.stderr().text());
    }
  }

  @Test
  void theJarClaimsOnAnEnsembleWithTheNewestJdk() throws Exception {
    String java = Jdk.java(25);
    try (ClaimServer ensemble = ClaimServer.start();
        Keepalive source = start(java, ensemble, "serve", "--bind", "127.0.0.1", "--port", "0")) {
      String address = source.awaitEvent("listening").text("peer");
      try (Keepalive backup = start(java, ensemble, "watch", address)) {
        backup.awaitEvent("armed");
        source.kill();
        backup.awaitEvent("failover");
        assertEquals(List.of("up", "armed", "granted", "failover"), backup.eventTypes());
        backup.signal("TERM");
        backup.awaitEnd();
        assertEquals("", backup.stderr().text());
      }
      source.awaitEnd();
      assertEquals("", source.stderr().text());
    }
  }

  private static Keepalive start(String java, ClaimServer ensemble, String... arguments)
      throws Exception {
    List<String> all = new ArrayList<>(List.of(arguments));
    all.addAll(ensemble.options("vm1"));
    all.add("--json");
    return Keepalive.start(java, List.of(), all.toArray(String[]::new));
  }
}
