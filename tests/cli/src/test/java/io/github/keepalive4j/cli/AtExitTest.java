package io.github.keepalive4j.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.keepalive4j.support.ChildJvm;
import org.junit.jupiter.api.Test;

/** What runs is stopped before the claim is released. */
class AtExitTest {
  @Test
  void stepsAtExitRunOneAfterTheOther() throws Exception {
    try (ChildJvm program = ChildJvm.start(AtExitProgram.class)) {
      assertEquals("ready", program.readLine());
      program.say("end");
      assertEquals("the second is stopped", program.readLine());
      assertEquals("the first is stopped", program.readLine());
      assertEquals("released", program.readLine());
    }
  }
}
