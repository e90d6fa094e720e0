package io.github.keepalive4j.fast;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.keepalive4j.Failover;
import io.github.keepalive4j.FailoverCallback;
import io.github.keepalive4j.Failure;
import io.github.keepalive4j.FailureCause;
import io.github.keepalive4j.KeepaliveException;
import io.github.keepalive4j.KeepaliveOptions;
import io.github.keepalive4j.KeepaliveSocket;
import io.github.keepalive4j.LocalTrouble;
import io.github.keepalive4j.support.RequiresLab;
import io.github.keepalive4j.testkit.Fault;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/** A link that ends when its interface loses its carrier. */
@RequiresLab
class CarrierTest {
  /** The kernel reports a second change within a second up to that much later. */
  private static final Duration BOUND = Duration.ofSeconds(2);

  /** By keepalive, and by probes, both of which take longer. */
  static final List<KeepaliveOptions> slow =
      List.of(
          KeepaliveOptions.defaults(),
          KeepaliveOptions.builder()
              .probe(Duration.ofMillis(50), Duration.ofSeconds(20))
              .noDelay(true)
              .build());

  private final CompletableFuture<Optional<LocalTrouble>> local = new CompletableFuture<>();
  private final CompletableFuture<Failure> failed = new CompletableFuture<>();
  private Testbed lab;

  @BeforeEach
  void open() throws Exception {
    lab = Testbed.open();
  }

  @AfterEach
  void close() throws Exception {
    lab.close();
  }

  private static KeepaliveOptions withCarrier(KeepaliveOptions options) {
    return options.toBuilder().failWithoutCarrier(true).build();
  }

  private void watch(KeepaliveSocket link) throws Exception {
    FailoverCallback callback = this::keep;
    lab.backup().call(() -> lab.monitor().watch(link, callback));
  }

  private void keep(Failover failover) {
    local.complete(failover.checkLocalTrouble());
    failed.complete(failover.failure());
  }

  private static void assertNoCarrier(Failure failure) {
    assertEquals(FailureCause.NO_CARRIER, failure.cause());
    assertEquals(OptionalInt.empty(), failure.errno());
    assertTrue(failure.tcpInfo().isPresent());
    assertTrue(failure.lastHeardNs().isPresent());
  }

  @ParameterizedTest
  @FieldSource("slow")
  void aLostCarrierIsAVerdictAtOnce(KeepaliveOptions options) throws Exception {
    watch(lab.connect(withCarrier(options)));
    try (Fault down = lab.source().linkDown()) {
      Failure failure = failed.get(BOUND.toMillis(), TimeUnit.MILLISECONDS);
      assertNoCarrier(failure);
      assertTrue(failure.verdictNs() > down.startedNs(), "the verdict came before the loss");
      assertEquals(Optional.of(LocalTrouble.NO_CARRIER), local.join());
    }
  }

  @Test
  void aCarrierThatIsGoneBeforeTheWatchIsAVerdictAtOnce() throws Exception {
    KeepaliveSocket link = lab.connect(withCarrier(KeepaliveOptions.defaults()));
    try (Fault down = lab.source().linkDown()) {
      TimeUnit.NANOSECONDS.sleep(BOUND.toNanos() - (System.nanoTime() - down.effectiveNs()));
      watch(link);
      assertNoCarrier(failed.get(BOUND.toMillis(), TimeUnit.MILLISECONDS));
    }
  }

  @Test
  void withoutTheOptionNothingIsKnownOfTheCarrier() throws Exception {
    watch(lab.connect(KeepaliveOptions.detectWithin(Duration.ofMillis(200))));
    try (Fault down = lab.source().linkDown()) {
      assertEquals(
          FailureCause.TIMED_OUT, failed.get(20, TimeUnit.SECONDS).cause(), down::toString);
      assertEquals(Optional.empty(), local.join());
    }
  }

  @Test
  void awaitFailureReturnsWithoutACarrier() throws Exception {
    KeepaliveSocket link = lab.connect(withCarrier(KeepaliveOptions.defaults()));
    assertEquals(Optional.empty(), await(link, Duration.ofMillis(1)));
    try (Fault down = lab.source().linkDown()) {
      assertNoCarrier(await(link, BOUND).orElseThrow(() -> new AssertionError(down)));
    }
    link.close();
  }

  private Optional<Failure> await(KeepaliveSocket link, Duration timeout) throws Exception {
    return lab.backup().call(() -> link.awaitFailure(timeout));
  }

  @Test
  void classifyLooksAtTheCarrier() throws Exception {
    KeepaliveSocket link = lab.connect(withCarrier(KeepaliveOptions.defaults()));
    assertEquals(Optional.empty(), link.classify());
    try (Fault down = lab.backup().linkDown()) {
      assertNoCarrier(link.classify().orElseThrow(() -> new AssertionError(down)));
    }
    link.close();
  }

  @Test
  void theLoopbackDeviceIsRefused() throws Exception {
    try (ServerSocketChannel source = ServerSocketChannel.open()) {
      source.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
      InetSocketAddress address = (InetSocketAddress) source.getLocalAddress();
      KeepaliveException refused =
          assertThrows(
              KeepaliveException.class,
              () -> KeepaliveSocket.connect(address, withCarrier(KeepaliveOptions.defaults())));
      assertEquals("EOPNOTSUPP", refused.errnoName());
      assertTrue(
          refused.getMessage().startsWith("failWithoutCarrier: the loopback device has no carrier"),
          refused::getMessage);
    }
  }

  @Test
  void theDescriptorIsNotHandedOut() throws Exception {
    try (KeepaliveSocket link = lab.connect(withCarrier(KeepaliveOptions.defaults()))) {
      UnsupportedOperationException refused =
          assertThrows(UnsupportedOperationException.class, link::fd);
      assertTrue(refused.getMessage().contains("failWithoutCarrier"), refused::getMessage);
    }
  }

  /** This thread isn't in the network namespace of the link, which stays as it was. */
  @Test
  void anotherNamespacesLinkIsRefusedAndKept() throws Exception {
    KeepaliveSocket link = lab.connect(withCarrier(KeepaliveOptions.defaults()));
    IOException refused =
        assertThrows(IOException.class, () -> lab.monitor().watch(link, this::keep));
    assertTrue(refused.getMessage().contains("failWithoutCarrier"), refused::getMessage);
    assertTrue(refused.getMessage().contains("EREMOTE"), refused::getMessage);
    watch(link);
    try (Fault down = lab.source().linkDown()) {
      assertNoCarrier(failed.get(BOUND.toMillis(), TimeUnit.MILLISECONDS));
      assertTrue(failed.join().verdictNs() > down.startedNs());
    }
  }
}
