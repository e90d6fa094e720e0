package io.github.keepalive4j.zookeeper;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.keepalive4j.ClaimDeclinedException;
import io.github.keepalive4j.ClaimRequest;
import io.github.keepalive4j.TakeoverGuard;
import io.github.keepalive4j.testkit.event.ClaimRequests;
import io.github.keepalive4j.testkit.event.Failures;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/** How long a guard waits for whom unless told otherwise. */
@Timeout(60)
class DefaultsTest {
  private static final Path README =
      Path.of(System.getProperty("basedir", "."), "../../java/zookeeper/README.md");
  private static final InetSocketAddress SOURCE =
      new InetSocketAddress(InetAddress.getLoopbackAddress(), 9999);

  private record Default(String option, Function<ZooKeeperGuard.Builder, Duration> value) {
    @Override
    public String toString() {
      return option;
    }
  }

  static final List<Default> times =
      List.of(
          new Default("sessionTimeout", builder -> builder.sessionTimeout),
          new Default("acknowledgeTimeout", builder -> builder.acknowledgeTimeout),
          new Default("releaseTimeout", builder -> builder.releaseTimeout),
          new Default("requestTimeout", builder -> builder.requestTimeout));

  @ParameterizedTest
  @FieldSource("times")
  void aTimeIsWhatThePageSays(Default time) throws IOException {
    Duration value = time.value().apply(ZooKeeperGuard.builder("x", "vm1"));
    String text = value.toMillisPart() == 0 ? value.toSeconds() + " s" : value.toMillis() + " ms";
    assertEquals(defaultOnPage(time.option()), text);
  }

  private static String defaultOnPage(String option) throws IOException {
    return Files.readAllLines(README).stream()
        .filter(line -> line.startsWith("| `" + option + "`"))
        .map(line -> line.split(" \\| ", -1)[1])
        .findFirst()
        .orElseThrow();
  }

  /** The timeout is in the client's first request, after three numbers of 4, 4 and 8 bytes. */
  @Test
  void theEnsembleIsAskedForASessionOfSixSeconds() throws Exception {
    ServerSocket ensemble = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    String address = "127.0.0.1:" + ensemble.getLocalPort();
    try (ZooKeeperGuard guard = ZooKeeperGuard.builder(address, "vm1").open()) {
      assertFalse(guard.isConnected());
      try (ensemble;
          Socket client = ensemble.accept()) {
        DataInputStream request = new DataInputStream(client.getInputStream());
        request.skipNBytes(4 + 4 + 8);
        assertEquals(6_000, request.readInt());
      }
    }
  }

  @Test
  void anEnsembleThatGivesNoAnswerIsUnavailableAfterTwoSeconds() {
    ClaimRequest request =
        ClaimRequests.takeover(Failures.timedOut(SOURCE).build())
            .remaining(Duration.ofSeconds(40))
            .build();
    try (ZooKeeperGuard guard = ZooKeeperGuard.builder("127.0.0.1:1", "vm1").open()) {
      TakeoverGuard armed = guard.arm();
      armed.connected();
      long beginNs = System.nanoTime();
      assertThrows(ClaimDeclinedException.class, () -> armed.claim(request));
      long tookMs = (System.nanoTime() - beginNs) / 1_000_000;
      assertTrue(tookMs >= 2_000 && tookMs < 7_000, tookMs + " ms");
    }
  }
}
