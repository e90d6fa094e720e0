package io.github.keepalive4j;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.keepalive4j.support.ChildJvm;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** When a program ends that uses the library, and that it does. */
class ExitTest {
  static List<Arguments> ways() {
    return Arrays.stream(ExitProgram.Where.values())
        .flatMap(
            where ->
                Arrays.stream(Transport.values()).map(transport -> Arguments.of(where, transport)))
        .toList();
  }

  @ParameterizedTest
  @EnumSource(Transport.class)
  void aMonitorKeepsTheJvmAliveUntilItIsClosed(Transport transport) throws Exception {
    String option = "-D" + Transport.PROPERTY + "=" + transport;
    try (ChildJvm child = ChildJvm.start(KeptAliveProgram.class, option)) {
      assertEquals("called back", child.readLine());
      assertEquals(0, child.awaitExit());
    }
  }

  @Test
  void aSlowLogHasTheLastLineBeforeTheJvmEnds() throws Exception {
    try (ChildJvm child = ChildJvm.start(SlowLogProgram.class)) {
      assertEquals(SlowLogProgram.WRITTEN, child.readLine());
      assertEquals(0, child.awaitExit());
    }
  }

  @ParameterizedTest
  @MethodSource("ways")
  void systemExitIsNoDeadlock(ExitProgram.Where where, Transport transport) throws Exception {
    try (ChildJvm child =
        ChildJvm.start(
            ExitProgram.class,
            "-D" + ExitProgram.WHERE + "=" + where,
            "-D" + Transport.PROPERTY + "=" + transport)) {
      assertEquals("closed", child.readLine());
      assertEquals(ExitProgram.STATUS, child.awaitExit());
    }
  }
}
