package com.example.standby;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.keepalive4j.testkit.Fault;
import io.github.keepalive4j.testkit.Lab;
import io.github.keepalive4j.testkit.ManagedProcess;
import io.github.keepalive4j.testkit.OutputLine;
import io.github.keepalive4j.testkit.junit.LabExtension;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(LabExtension.class)
class FailoverTest {
  @Test
  void theBackupTakesOverAfterASilentCut(Lab lab) throws Exception {
    String address = lab.source().ipv4().getHostAddress();
    ManagedProcess source = lab.source().startJava(List.of(), HealthySource.class, address);
    source.awaitLine("serving", Duration.ofSeconds(30));
    ManagedProcess backup = lab.backup().startJava(List.of(), SupervisedStandby.class, address);
    backup.awaitLine("ARMED", Duration.ofSeconds(30));

    Fault cut = lab.source().drop();
    OutputLine taken = backup.awaitNextLine("taking over", Duration.ofSeconds(30));
    assertTrue(taken.arrivedNs() - cut.startedNs() < 5_000_000_000L);

    cut.close(); // the source is back: does it notice that it has been replaced?
  }
}
