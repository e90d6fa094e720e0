package io.github.keepalive4j.cli.watch;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.keepalive4j.cli.Keepalive;
import io.github.keepalive4j.cli.Sources;
import io.github.keepalive4j.support.Needs;
import io.github.keepalive4j.testkit.Lab;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A link that the backup's own host ends, as {@code ss -K} does. */
class AbortedTest {
  @Test
  void anAbortedLinkIsWatchedAgainWithoutATakeover() throws Exception {
    try (Lab lab = Needs.openLab();
        Sources.Listening source = Sources.on(lab.source(), lab.source().ipv4());
        Keepalive backup =
            Keepalive.runOn(
                lab.backup(), "watch", source.address(), "--json", "--on-failover", "exit 0")) {
      backup.awaitEvent("up");
      lab.backup().killSockets(lab.source());
      backup.awaitEvent("up", 2);
      source.process().kill();
      assertEquals(0, backup.awaitEnd(), backup::output);
      assertEquals(List.of("up", "closed", "up", "failover"), backup.eventTypes());
      assertEquals("ABORTED", backup.events("closed").get(0).text("cause"));
    }
  }

  @Test
  void anAbortedLinkIsTakenOverWithTheOption() throws Exception {
    try (Lab lab = Needs.openLab();
        Sources.Listening source = Sources.on(lab.source(), lab.source().ipv4());
        Keepalive backup =
            Keepalive.runOn(
                lab.backup(), "watch", source.address(), "--json", "--failover-when-aborted")) {
      backup.awaitEvent("up");
      lab.backup().killSockets(lab.source());
      assertEquals(0, backup.awaitEnd(), backup::output);
      assertEquals(List.of("up", "failover"), backup.eventTypes());
      assertEquals("ABORTED", backup.events("failover").get(0).text("cause"));
    }
  }
}
