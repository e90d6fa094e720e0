package io.github.keepalive4j.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.keepalive4j.support.JavaCommand;
import io.github.keepalive4j.support.Nftables;
import io.github.keepalive4j.support.RequiresLab;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** A lab on a machine where nftables is not installed. */
@RequiresLab
class WithoutNftablesTest {
  private static final Duration TIMEOUT = Duration.ofSeconds(60);
  private static final Map<WithoutNftables, ManagedProcess> RUNS =
      new EnumMap<>(WithoutNftables.class);

  /** Each is a JVM that mostly waits for the kernel, so they run side by side. */
  @BeforeAll
  static void start() throws Exception {
    for (WithoutNftables what : WithoutNftables.values()) {
      List<String> java = JavaCommand.of(WithoutNftables.class, what.name());
      String[] command = Nftables.hidden(java.toArray(String[]::new));
      RUNS.put(what, ManagedProcess.start(new ProcessBuilder(command)));
    }
  }

  @AfterAll
  static void stop() throws Exception {
    for (ManagedProcess run : RUNS.values()) {
      run.kill();
    }
  }

  @Test
  void dropCutsBothDirectionsAndLeavesTheLinksUp() throws Exception {
    check(WithoutNftables.CUT);
  }

  @Test
  void aSilentCutEndsAConnectionByATimeout() throws Exception {
    check(WithoutNftables.TIMEOUT);
  }

  @Test
  void aSilentCutStaysSilentWhenTheLinkGoesDownMeanwhile() throws Exception {
    check(WithoutNftables.TIMEOUT_AFTER_LINK_DOWN);
  }

  @Test
  void aConnectionSurvivesAShortCut() throws Exception {
    check(WithoutNftables.SHORT_CUT);
  }

  @Test
  void faultsAreUndoneInAnyOrder() throws Exception {
    check(WithoutNftables.ANY_ORDER);
  }

  @Test
  void aCutOfOneHostLeavesTheOthersConnected() throws Exception {
    check(WithoutNftables.ONE_OF_THREE);
  }

  @Test
  void twoHostsSeeEachOthersLinkGoDown() throws Exception {
    check(WithoutNftables.LINK_DOWN);
  }

  @Test
  void theFaultsThatNeedNftablesSaySo() throws Exception {
    check(WithoutNftables.REFUSAL);
  }

  private static void check(WithoutNftables what) throws Exception {
    assertEquals("checked " + what + "\n", RUNS.get(what).complete(TIMEOUT));
  }
}
