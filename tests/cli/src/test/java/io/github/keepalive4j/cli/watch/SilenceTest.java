package io.github.keepalive4j.cli.watch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.keepalive4j.cli.EventLine;
import io.github.keepalive4j.cli.Keepalive;
import io.github.keepalive4j.cli.Sources;
import io.github.keepalive4j.support.Needs;
import io.github.keepalive4j.testkit.Fault;
import io.github.keepalive4j.testkit.Host;
import io.github.keepalive4j.testkit.Lab;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Sources that fall silent without a FIN or reset, permanently or for a while. */
class SilenceTest {
  @TempDir Path folder;

  @Test
  void aSilentCutCausesAFailoverAfterSixSeconds() throws Exception {
    cutOff(Host::ipv4);
  }

  @Test
  void aSilentCutCausesAFailoverOverIpv6() throws Exception {
    cutOff(Host::ipv6);
  }

  private void cutOff(Function<Host, InetAddress> address) throws Exception {
    Path ran = folder.resolve("ran");
    String command = "env | grep ^KEEPALIVE_ | sort >> " + ran;
    try (Lab lab = Needs.openLab();
        Sources.Listening source = Sources.on(lab.source(), address.apply(lab.source()));
        Keepalive backup =
            Keepalive.runOn(
                lab.backup(), "watch", source.address(), "--json", "--on-failover", command)) {
      backup.awaitEvent("up");
      try (Fault cut = lab.source().drop()) {
        assertEquals(0, backup.awaitEnd(), backup::output);
        requireTimeout(backup, cut);
        EventLine failover = backup.events("failover").get(0);
        assertEquals(
            List.of(
                "KEEPALIVE_CAUSE=TIMED_OUT",
                "KEEPALIVE_ERRNO=ETIMEDOUT",
                "KEEPALIVE_LAST_HEARD_MS=" + failover.number("lastHeardMs"),
                "KEEPALIVE_LOCAL=",
                "KEEPALIVE_PEER=" + source.address()),
            Files.readAllLines(ran));
      }
    }
  }

  @Test
  void aSourceEndsTheLinkOfABackupThatIsSilentForLongerThanItIsToldToWait() throws Exception {
    try (Lab lab = Needs.openLab();
        Sources.Listening source =
            Sources.listening(
                Keepalive.runOn(
                    lab.source(),
                    "serve",
                    "--bind",
                    lab.source().ipv4().getHostAddress(),
                    "--shed-after",
                    "3s",
                    "--json"));
        Keepalive backup = Keepalive.runOn(lab.backup(), "watch", source.address(), "--json")) {
      backup.awaitEvent("up");
      try (Fault cut = lab.backup().drop()) {
        EventLine closed = source.process().awaitEvent("closed");
        assertEquals("TIMED_OUT", closed.text("cause"), cut::toString);
      }
      String warning = source.process().stderr().text();
      assertTrue(warning.contains("(--shed-after) is 3s"), warning);
      assertTrue(warning.contains("choose 21s or more"), warning);
    }
  }

  private static void requireTimeout(Keepalive backup, Fault cut) {
    assertEquals(List.of("up", "suspect", "failover"), backup.eventTypes());
    EventLine suspect = backup.events().get(1);
    EventLine failover = backup.events().get(2);
    assertEquals("TIMED_OUT", failover.text("cause"));
    assertEquals("ETIMEDOUT", failover.text("errno"));
    long lastHeardMs = failover.number("lastHeardMs");
    assertTrue(lastHeardMs >= 6_000 && lastHeardMs <= 8_750, "last heard " + lastHeardMs + " ms");
    assertTrue(failover.number("verdictNs") - cut.startedNs() > 4_500_000_000L, backup::output);
    long warningNs = failover.number("monotonicNs") - suspect.number("monotonicNs");
    assertTrue(warningNs >= 2_000_000_000L, "warned " + warningNs + " ns before");
  }

  @Test
  void aThreeSecondCutIsSuspectAndCausesNoFailover() throws Exception {
    try (Lab lab = Needs.openLab();
        Sources.Listening source = Sources.on(lab.source(), lab.source().ipv4());
        Keepalive backup = Keepalive.runOn(lab.backup(), "watch", source.address(), "--json")) {
      backup.awaitEvent("up");
      try (Fault blip = lab.source().drop()) {
        backup.awaitEvent("suspect");
        long leftNs = blip.startedNs() + 3_000_000_000L - System.nanoTime();
        backup.requireNone(event -> event.type().equals("failover"), Duration.ofNanos(leftNs));
      }
      backup.awaitEvent("recovered");
      backup.requireNone(event -> event.type().equals("failover"), Duration.ofSeconds(4));
      assertEquals(List.of("up", "suspect", "recovered"), backup.eventTypes());
    }
  }

  @Test
  void aStoppedSourceCausesNoFailover() throws Exception {
    try (Sources.Listening source = Sources.onLoopback();
        Keepalive backup = Keepalive.run("watch", source.address(), "--json")) {
      backup.awaitEvent("up");
      source.process().signal("STOP");
      backup.requireNone(event -> !event.type().equals("up"), Duration.ofSeconds(10));
    }
  }

  @Test
  void aSourceThatDoesNotAnswerAtTheStartCannotBeReached() throws Exception {
    try (Lab lab = Needs.openLab();
        Fault cut = lab.source().drop();
        Keepalive backup =
            Keepalive.runOn(
                lab.backup(),
                "watch",
                lab.source().ipv4().getHostAddress() + ":9999",
                "--connect-timeout",
                "300ms")) {
      assertEquals(1, backup.awaitEnd(), cut::toString);
      assertTrue(backup.stderr().text().endsWith("no answer within 300 ms"), backup::output);
      assertEquals(1, backup.stderr().all().size());
    }
  }
}
