package io.github.keepalive4j.fast;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.keepalive4j.Failure;
import io.github.keepalive4j.KeepaliveOptions;
import io.github.keepalive4j.KeepaliveSocket;
import io.github.keepalive4j.LocalTrouble;
import io.github.keepalive4j.support.Eventually;
import io.github.keepalive4j.support.InLab;
import io.github.keepalive4j.testkit.Fault;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A source that is cut off, on a link whose route depends on its mark or its device. */
@InLab
class LocalTroubleRouteTest {
  private static final Duration BUDGET = Duration.ofMillis(100);
  private static final String NETWORK = "198.18.0.0/24";
  private static final String TABLE = "100";

  private Testbed lab;
  private String device;

  @BeforeEach
  void open() throws Exception {
    lab = Testbed.open();
    device = lab.backup().device();
    lab.backup().run("sysctl", "-qw", "net.ipv4.conf.all.rp_filter=0");
    lab.backup().run("sysctl", "-qw", "net.ipv4.conf." + device + ".rp_filter=0");
  }

  @AfterEach
  void close() throws Exception {
    lab.close();
  }

  @Test
  void aRouteForTheLinksMarkIsARoute() throws Exception {
    ip("rule", "add", "fwmark", "7", "table", TABLE);
    ip("route", "add", NETWORK, "dev", device, "table", TABLE);
    Failure failure = failAfter(options().mark(7).build(), "route", "flush", NETWORK);
    assertEquals(Optional.empty(), checkInLab(failure));
    ip("route", "flush", "table", TABLE);
    assertEquals(Optional.of(LocalTrouble.NO_ROUTE), checkInLab(failure));
  }

  @Test
  void aRouteForTcpAloneIsARoute() throws Exception {
    ip("rule", "add", "ipproto", "tcp", "dport", Integer.toString(Testbed.PORT), "table", TABLE);
    ip("route", "add", NETWORK, "dev", device, "table", TABLE);
    Failure failure = failAfter(options().build(), "route", "flush", NETWORK);
    assertEquals(Optional.empty(), checkInLab(failure));
    ip("route", "flush", "table", TABLE);
    assertEquals(Optional.of(LocalTrouble.NO_ROUTE), checkInLab(failure));
  }

  @Test
  void aRouteThatOthersHaveIsNone() throws Exception {
    Failure failure =
        failAfter(
            options().mark(7).build(), "rule", "add", "fwmark", "7", "priority", "1", "prohibit");
    assertEquals(Optional.of(LocalTrouble.NO_ROUTE), checkInLab(failure));
  }

  @Test
  void aRouteForTheLinksDeviceIsARoute() throws Exception {
    ip("rule", "add", "oif", device, "table", TABLE);
    ip("route", "add", NETWORK, "dev", device, "table", TABLE);
    Failure failure = failAfter(options().device(device).build(), "route", "flush", NETWORK);
    assertEquals(Optional.empty(), checkInLab(failure));
  }

  @Test
  void aDeviceThatIsGoneIsNoRoute() throws Exception {
    Failure failure = failAfter(options().device(device).build(), "link", "show");
    ip("link", "set", device, "down");
    ip("link", "set", device, "name", "renamed");
    assertEquals(Optional.of(LocalTrouble.NO_ROUTE), checkInLab(failure));
  }

  private static KeepaliveOptions.Builder options() {
    return KeepaliveOptions.detectWithin(BUDGET).toBuilder();
  }

  private void ip(String... arguments) throws Exception {
    String[] command = new String[arguments.length + 1];
    command[0] = "ip";
    System.arraycopy(arguments, 0, command, 1, arguments.length);
    lab.backup().run(command);
  }

  /** Changes the routes of a link that works, cuts it off, and waits until it is closed. */
  private Failure failAfter(KeepaliveOptions options, String... change) throws Exception {
    KeepaliveSocket link = lab.connect(options);
    CompletableFuture<Failure> failed = new CompletableFuture<>();
    CompletableFuture<Optional<LocalTrouble>> inCallback = new CompletableFuture<>();
    lab.monitor()
        .watch(
            link,
            failover -> {
              inCallback.complete(failover.checkLocalTrouble());
              failed.complete(failover.failure());
            });
    ip(change);
    try (Fault cut = lab.source().drop()) {
      Failure failure = failed.get(10, TimeUnit.SECONDS);
      Eventually.await("the link is closed", () -> !link.isOpen());
      assertEquals(inCallback.get(), checkInLab(failure), cut::toString);
      return failure;
    }
  }

  private Optional<LocalTrouble> checkInLab(Failure failure) throws Exception {
    return lab.backup().call(failure::checkLocalTrouble);
  }
}
