package io.github.keepalive4j.cli.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.keepalive4j.cli.Keepalive;
import io.github.keepalive4j.support.Jdk;
import io.github.keepalive4j.support.Needs;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** The demonstration. */
@Execution(ExecutionMode.CONCURRENT)
class DemoTest {
  @Test
  void bothActsEndWithAFailover() throws Exception {
    Needs.lab();
    try (Keepalive demo = Keepalive.run("demo")) {
      assertEquals(0, demo.awaitEnd(), demo::output);
      String timeline = demo.stdout().text();
      for (String part :
          List.of(
              "Act 1",
              "cut off",
              "suspect",
              "failover: TIMED_OUT (ETIMEDOUT)",
              "because of TIMED_OUT",
              "Act 2",
              "killed",
              "failover: CLOSED",
              "because of CLOSED")) {
        assertTrue(timeline.contains(part), () -> "no " + part + ": " + demo.output());
      }
      assertEquals("", demo.stderr().text());
    }
  }

  @Test
  void withoutPrivilegesItSaysWhatItNeedsAndPlaysTheSecondAct() throws Exception {
    Needs.program("setpriv");
    List<String> command = Keepalive.command(Jdk.java(), List.of(), "demo");
    try (Keepalive demo = Keepalive.start(withoutCapabilities(command))) {
      assertEquals(0, demo.awaitEnd(), demo::output);
      String timeline = demo.stdout().text();
      assertTrue(timeline.contains("CAP_NET_ADMIN"), demo::output);
      assertTrue(timeline.contains("because of CLOSED"), demo::output);
      assertEquals("", demo.stderr().text());
    }
  }

  private static List<String> withoutCapabilities(List<String> command) {
    List<String> all = new ArrayList<>(List.of("setpriv", "--bounding-set", "-all"));
    all.addAll(command);
    return all;
  }
}
