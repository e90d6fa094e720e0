package io.github.keepalive4j.cli.watch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.keepalive4j.cli.EventLine;
import io.github.keepalive4j.cli.Keepalive;
import io.github.keepalive4j.cli.Sources;
import io.github.keepalive4j.support.Jdk;
import io.github.keepalive4j.support.RequiresLab;
import io.github.keepalive4j.testkit.Fault;
import io.github.keepalive4j.testkit.Lab;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** {@code watch --fail-without-carrier}. */
class CarrierTest {
  private static final String OPTION = "--fail-without-carrier";

  private static final Duration LIMIT = Duration.ofSeconds(60);

  /** The kernel may report the loss 1 s late. Keepalive alone takes 6 s. */
  private static final long BOUND_MS = 4_000;

  @Test
  @RequiresLab
  void aLostCarrierIsAFailoverAtOnce() throws Exception {
    try (Lab lab = Lab.open();
        Sources.Listening source = Sources.on(lab.source(), lab.source().ipv4());
        Keepalive backup =
            Keepalive.runOn(
                lab.backup(),
                "watch",
                source.address(),
                OPTION,
                "--on-failover",
                "echo because of $KEEPALIVE_CAUSE, local $KEEPALIVE_LOCAL")) {
      backup.awaitError("up ");
      try (Fault down = lab.source().linkDown()) {
        String said = backup.stdout().await(line -> true, LIMIT).orElseThrow();
        assertEquals("because of NO_CARRIER, local NO_CARRIER", said);
        long lateMs = (System.nanoTime() - down.effectiveNs()) / 1_000_000;
        assertTrue(lateMs < BOUND_MS, lateMs + " ms");
        assertEquals(0, backup.awaitEnd(), backup::output);
      }
    }
  }

  @Test
  void theLoopbackDeviceIsRefused() throws Exception {
    try (Sources.Listening source = Sources.onLoopback();
        Keepalive backup = Keepalive.run("watch", source.address(), OPTION, "--json")) {
      assertEquals(1, backup.awaitEnd(), backup::output);
      EventLine error = backup.awaitEvent("error");
      assertTrue(
          error.text("message").startsWith("failWithoutCarrier: the loopback device"),
          backup::output);
    }
  }

  @Test
  void theJdkTransportRefusesIt() throws Exception {
    try (Keepalive backup =
        Keepalive.start(
            Jdk.java(), List.of("-Dkeepalive4j.transport=jdk"), "watch", "h:1", OPTION)) {
      assertEquals(2, backup.awaitEnd(), backup::output);
      assertEquals(
          List.of(
              "keepalive watch: "
                  + OPTION
                  + ": the JDK transport can't honour it; use the native transport"),
          backup.stderr().all());
    }
  }
}
