package io.github.keepalive4j.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.keepalive4j.support.JavaCommand;
import io.github.keepalive4j.support.Nftables;
import io.github.keepalive4j.support.RequiresLab;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

@RequiresLab
class AvailabilityTest {
  @Test
  void labsAreAvailableHere() {
    assertEquals(Optional.empty(), Lab.unavailabilityCause());
    assertEquals(Optional.empty(), Lab.nftablesUnavailabilityCause());
    assertTrue(Lab.isAvailable());
  }

  @Test
  void aLackingPrivilegeIsNamed() throws Exception {
    ProcessBuilder builder =
        probe("setpriv", "--bounding-set", "-sys_admin", "--inh-caps", "-sys_admin");
    assertEquals("false the privilege CAP_SYS_ADMIN is lacking: run as root", answer(builder));
  }

  @Test
  void aLackingToolIsNamed() throws Exception {
    ProcessBuilder builder = probe();
    builder.environment().put("PATH", "/nonexistent");
    String answer = answer(builder);
    assertTrue(
        answer.startsWith("false the command ip does not run (apt-get install iproute2): "),
        answer);
  }

  @Test
  void labsAreAvailableWithoutNftables() throws Exception {
    assertEquals("true", answer(probe(Nftables.hidden())));
  }

  private static ProcessBuilder probe(String... prefix) {
    List<String> command = new ArrayList<>(List.of(prefix));
    command.addAll(JavaCommand.of(AvailabilityProbe.class));
    return new ProcessBuilder(command);
  }

  private static String answer(ProcessBuilder builder) throws Exception {
    return ManagedProcess.start(builder).complete(Duration.ofSeconds(20)).strip();
  }
}
