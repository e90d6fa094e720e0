package io.github.keepalive4j.fast;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.keepalive4j.KeepaliveOptions;
import io.github.keepalive4j.KeepaliveSocket;
import io.github.keepalive4j.LocalTrouble;
import io.github.keepalive4j.support.RequiresLab;
import io.github.keepalive4j.testkit.Fault;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Whose side the trouble is on; asked in the callback, as a caller would. */
@RequiresLab
class LocalTroubleTest {
  private static final Duration BUDGET = Duration.ofMillis(100);

  private final CompletableFuture<Optional<LocalTrouble>> local = new CompletableFuture<>();
  private Testbed lab;

  @BeforeEach
  void open() throws Exception {
    lab = Testbed.open();
    KeepaliveSocket link = lab.connect(KeepaliveOptions.detectWithin(BUDGET));
    lab.monitor().watch(link, failover -> local.complete(failover.checkLocalTrouble()));
  }

  @AfterEach
  void close() throws Exception {
    lab.close();
  }

  @Test
  void anAddressThatIsGoneIsTroubleHere() throws Exception {
    try (Fault gone = lab.backup().removeAddress()) {
      assertEquals(Optional.of(LocalTrouble.ADDRESS_GONE), localAfter(gone));
    }
  }

  @Test
  void anInterfaceThatIsDownIsTroubleHere() throws Exception {
    try (Fault down = lab.backup().linkDown()) {
      assertEquals(Optional.of(LocalTrouble.NO_ROUTE), localAfter(down));
    }
  }

  @Test
  void aRouteThatIsGoneIsTroubleHere() throws Exception {
    lab.backup().run("ip", "route", "flush", "198.18.0.0/24");
    assertEquals(Optional.of(LocalTrouble.NO_ROUTE), local.get(10, TimeUnit.SECONDS));
  }

  @Test
  void aSourceThatIsCutOffIsNoTroubleHere() throws Exception {
    try (Fault cut = lab.source().drop()) {
      assertEquals(Optional.empty(), localAfter(cut));
    }
  }

  private Optional<LocalTrouble> localAfter(Fault fault) throws Exception {
    Optional<LocalTrouble> trouble = local.get(10, TimeUnit.SECONDS);
    assertTrue(System.nanoTime() > fault.startedNs());
    return trouble;
  }
}
