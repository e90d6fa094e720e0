package io.github.keepalive4j.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.keepalive4j.support.JavaCommand;
import io.github.keepalive4j.support.Nftables;
import io.github.keepalive4j.support.RequiresLab;
import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@RequiresLab
class TwoNetworksTest {
  private static final String[] MANY = {"a", "b", "c"};

  @Test
  void eachHostHasADeviceAndAddressesOnEachNetwork() throws Exception {
    try (Lab lab = Lab.builder().networks(2).open()) {
      Host source = lab.source();
      assertEquals("eth0", source.nic(0).device());
      assertEquals("eth1", source.nic(1).device());
      assertEquals(source.ipv4(), source.nic(0).ipv4());
      assertEquals(source.ipv6(), source.nic(0).ipv6());
      assertEquals("198.18.1.1", source.nic(1).ipv4().getHostAddress());
      assertEquals("fd00:198:18:1:0:0:0:1", source.nic(1).ipv6().getHostAddress());
      assertEquals("source's eth1", source.nic(1).toString());
      assertEquals(source, source.nic(1).host());
      assertReaches(lab.backup(), source, 0);
      assertReaches(lab.backup(), source, 1);
    }
  }

  @Test
  void aDropOnOneNetworkLeavesTheOther() throws Exception {
    try (Lab lab = Lab.builder().networks(2).open()) {
      checkDrop(lab.source(), lab.backup());
    }
  }

  @Test
  void aDropOnOneNetworkOfSeveralHostsLeavesTheOther() throws Exception {
    try (Lab lab = Lab.builder().hosts(MANY).networks(2).open()) {
      checkDrop(lab.host("a"), lab.host("c"));
    }
  }

  @Test
  void withoutNftablesADropOnOneNetworkLeavesTheOther() throws Exception {
    String[] command =
        Nftables.hidden(JavaCommand.of(TwoNetworksTest.class).toArray(String[]::new));
    String output =
        ManagedProcess.start(new ProcessBuilder(command)).complete(Duration.ofSeconds(60));
    assertEquals("checked\n", output);
  }

  public static void main(String[] args) throws Exception {
    try (Lab lab = Lab.builder().networks(2).open()) {
      checkDrop(lab.source(), lab.backup());
    }
    System.out.println("checked");
    System.exit(0);
  }

  private static void checkDrop(Host source, Host backup) throws Exception {
    Fault cut = source.nic(1).drop();
    assertEquals(source + "'s eth1 drops all", cut.toString());
    assertReaches(backup, source, 0);
    assertCutOff(backup, source, 1);
    Fault all = source.drop();
    assertCutOff(backup, source, 0);
    cut.close();
    assertCutOff(backup, source, 1);
    all.close();
    assertReaches(backup, source, 0);
    assertReaches(backup, source, 1);
  }

  @Test
  void aDropBetweenTwoHostsCutsAllNetworks() throws Exception {
    try (Lab lab = Lab.builder().hosts(MANY).networks(2).open()) {
      Host a = lab.host("a");
      try (Fault cut = a.drop(lab.host("b"))) {
        assertEquals("a drops all from and to b", cut.toString());
        assertCutOff(a, lab.host("b"), 0);
        assertCutOff(a, lab.host("b"), 1);
        assertReaches(a, lab.host("c"), 1);
      }
    }
  }

  @Test
  void aBadNetworkLeavesTheOther() throws Exception {
    try (Lab lab = Lab.builder().networks(2).open();
        Fault bad = lab.backup().nic(0).lossy(100)) {
      assertEquals("backup's eth0 loses 100.0 %", bad.toString());
      assertCutOff(lab.backup(), lab.source(), 0);
      assertReaches(lab.backup(), lab.source(), 1);
    }
  }

  @Test
  void linksGoDownAndUpInAnyOrder() throws Exception {
    try (Lab lab = Lab.builder().networks(2).open()) {
      Host source = lab.source();
      Host backup = lab.backup();
      Fault first = source.nic(0).linkDown();
      assertReaches(backup, source, 1);
      assertCutOff(backup, source, 0);
      Fault second = source.nic(1).linkDown();
      first.close();
      assertReaches(backup, source, 0);
      assertCutOff(backup, source, 1);
      Fault both = source.linkDown();
      second.close();
      assertCutOff(backup, source, 1);
      both.close();
      assertReaches(backup, source, 0);
      assertReaches(backup, source, 1);
    }
  }

  @Test
  void aHostWhoseLinkIsUpAgainIsReachedAtOnce() throws Exception {
    try (Lab lab = Lab.builder().networks(2).open()) {
      Host source = lab.source();
      Host backup = lab.backup();
      Fault down = source.nic(1).linkDown();
      awaitNoticed(backup.nic(1));
      assertCutOff(backup, source, 1);
      down.close();
      assertReaches(backup, source, 1);
    }
  }

  /** The kernel may tell the routes only after a second that the cable has no carrier. */
  private static void awaitNoticed(Nic nic) throws Exception {
    Condition.await(
        nic + " without carrier",
        Duration.ofSeconds(10),
        () ->
            Command.run("ip", "-n", nic.host().namespace(), "route", "show", "dev", nic.device())
                .contains("linkdown"));
  }

  @Test
  void killSocketsFindsTheConnectionsOfEachNetwork() throws Exception {
    try (Lab lab = Lab.builder().networks(2).open();
        Traffic.Connection first =
            Traffic.Connection.open(lab.backup(), lab.source(), lab.source().nic(0).ipv4());
        Traffic.Connection second =
            Traffic.Connection.open(lab.backup(), lab.source(), lab.source().nic(1).ipv6())) {
      assertEquals(2, lab.backup().killSockets(lab.source()));
      assertThrows(IOException.class, () -> first.client().getOutputStream().write(1));
      assertThrows(IOException.class, () -> second.client().getOutputStream().write(1));
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 9})
  void fewerThanOneNetworkOrMoreThanEightAreRefused(int count) {
    String message =
        assertThrows(IllegalArgumentException.class, () -> Lab.builder().networks(count))
            .getMessage();
    assertEquals("1 to 8 networks are possible, not " + count, message);
  }

  @Test
  void aNetworkThatTheLabLacksIsRefused() throws Exception {
    try (Lab lab = Lab.open()) {
      String message =
          assertThrows(IllegalArgumentException.class, () -> lab.source().nic(1)).getMessage();
      assertEquals("network 1 is not from 0 to 0", message);
    }
  }

  private static void assertReaches(Host from, Host to, int network) throws Exception {
    assertTrue(from.reaches(to.nic(network)), () -> from + " reaches " + to.nic(network));
  }

  private static void assertCutOff(Host from, Host to, int network) throws Exception {
    assertFalse(from.reaches(to.nic(network)), () -> from + " reaches " + to.nic(network));
  }
}
