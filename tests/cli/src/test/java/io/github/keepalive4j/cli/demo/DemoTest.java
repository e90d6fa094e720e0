package io.github.keepalive4j.cli.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.keepalive4j.cli.Keepalive;
import io.github.keepalive4j.support.InstalledPrograms;
import io.github.keepalive4j.support.Jdk;
import io.github.keepalive4j.support.Needs;
import io.github.keepalive4j.support.Nftables;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The demonstration. */
class DemoTest {
  @TempDir Path tools;

  @Test
  void bothActsEndWithAFailover() throws Exception {
    Needs.lab();
    try (Keepalive demo = Keepalive.run("demo")) {
      requireBothActs(demo);
    }
  }

  @Test
  void bothActsDoWithoutNftables() throws Exception {
    Needs.lab();
    provide("sh", "ip", "tc", "ss");
    try (Keepalive demo = Keepalive.start(after(Nftables.hidden("env", "PATH=" + tools)))) {
      requireBothActs(demo);
    }
  }

  @Test
  void withoutTheCommandIpItSaysWhatToInstallAndPlaysTheSecondAct() throws Exception {
    Needs.lab();
    provide("sh");
    try (Keepalive demo = Keepalive.start(after("env", "PATH=" + tools))) {
      requireSecondActAlone(demo, "the command ip does not run (apt-get install iproute2)");
    }
  }

  @Test
  void withoutPrivilegesItSaysWhatItNeedsAndPlaysTheSecondAct() throws Exception {
    Needs.program("setpriv");
    try (Keepalive demo = Keepalive.start(after("setpriv", "--bounding-set", "-all"))) {
      requireSecondActAlone(
          demo, "the privilege CAP_NET_ADMIN, CAP_SYS_ADMIN is lacking: run as root");
    }
  }

  private static void requireBothActs(Keepalive demo) throws Exception {
    assertEquals(0, demo.awaitEnd(), demo::output);
    requireParts(
        demo,
        "Act 1: ",
        "cut off",
        "suspect",
        "failover: TIMED_OUT (ETIMEDOUT)",
        "because of TIMED_OUT",
        "Act 2: ",
        "killed",
        "failover: CLOSED",
        "because of CLOSED");
  }

  private static void requireSecondActAlone(Keepalive demo, String cause) throws Exception {
    assertEquals(1, demo.awaitEnd(), demo::output);
    requireParts(
        demo,
        "Act 1, the silent cut, cannot be played: " + cause,
        "Act 2: ",
        "failover: CLOSED",
        "because of CLOSED");
  }

  private static void requireParts(Keepalive demo, String... parts) {
    for (String part : parts) {
      assertTrue(demo.stdout().text().contains(part), () -> "no " + part + ": " + demo.output());
    }
    assertEquals("", demo.stderr().text());
  }

  /** Copies a few of this machine's tools into a folder of their own. */
  private void provide(String... names) throws Exception {
    for (String name : names) {
      Path program = InstalledPrograms.find(name).orElseThrow();
      Files.copy(program, tools.resolve(name), StandardCopyOption.COPY_ATTRIBUTES);
    }
  }

  /** Returns a command that starts the demonstration after what another has changed. */
  private static List<String> after(String... changes) {
    List<String> all = new ArrayList<>(List.of(changes));
    all.addAll(Keepalive.command(Jdk.java(), List.of(), "demo"));
    return all;
  }
}
