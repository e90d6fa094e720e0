package io.github.keepalive4j.cli.guard;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.keepalive4j.cli.Keepalive;
import io.github.keepalive4j.support.Eventually;
import io.github.keepalive4j.zookeeper.Relay;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** A source with {@code --failsafe} that is cut off from the ensemble, which its backups reach. */
@Timeout(60)
@Execution(ExecutionMode.CONCURRENT) // it mostly waits
class FailsafeCommandTest {
  private static final Duration LIMIT = Duration.ofSeconds(20);
  private static final String ID = "vm1";

  @TempDir private Path folder;
  private ClaimServer ensemble;
  private Relay relay; // between the source and the ensemble
  private Guarded backups;
  private Keepalive source;
  private String address;

  @BeforeEach
  void serve() throws Exception {
    ensemble = ClaimServer.startImpatient();
    relay = new Relay(ensemble.port());
    backups = new Guarded(folder, ensemble.options(ID));
    source =
        new Guarded(
                Files.createDirectory(folder.resolve("source")),
                ClaimServer.options(relay.address(), ID))
            .serve("--failsafe");
    address = source.awaitEvent("listening").text("peer");
  }

  @AfterEach
  void stop() throws Exception {
    source.close();
    relay.close();
    ensemble.close();
  }

  private Keepalive watch(String... more) throws Exception {
    Keepalive backup = backups.watch(address, more);
    backup.awaitEvent("armed");
    return backup;
  }

  @Test
  void aBackupThatHoldsBackDoesNotTakeTheClaimWhoseSessionHasEnded() throws Exception {
    try (Keepalive backup =
        watch("--detect-within", "1s", "--rearm", "--on-failover", "exec sleep 60")) {
      Eventually.await("a member", LIMIT, () -> ensemble.members(ID) == 1);
      relay.cut();
      assertTrue(source.awaitEvent("failsafe").flag("on"));
      Eventually.await("the end of the session", LIMIT, () -> !ensemble.isHeld(ID));
      TimeUnit.SECONDS.sleep(6); // the backup would take the claim after half a second
      assertEquals(List.of(), source.events("closed"));
      relay.mend();
      assertFalse(source.awaitEvent("failsafe", 2).flag("on"));
      assertTrue(ensemble.isHeld(ID));
      assertEquals(List.of(), source.events("claim-lost"));
      assertEquals(List.of(), backup.events("granted"));
    }
  }
}
