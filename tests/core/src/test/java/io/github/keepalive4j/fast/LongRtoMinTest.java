package io.github.keepalive4j.fast;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.keepalive4j.KeepaliveOptions;
import io.github.keepalive4j.KeepaliveSocket;
import io.github.keepalive4j.support.Needs;
import io.github.keepalive4j.support.RequiresLab;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A backup whose sysctl {@code tcp_rto_min_us} is longer than the socket option may be. */
@RequiresLab
class LongRtoMinTest {
  /** Since Linux 6.11. */
  private static final Path SYSCTL = Path.of("/proc/sys/net/ipv4/tcp_rto_min_us");

  private static final Duration SYSTEMS = Duration.ofMillis(300);

  private Testbed lab;

  @BeforeEach
  void open() throws Exception {
    if (!Files.exists(SYSCTL)) {
      Needs.lack("this kernel has no " + SYSCTL);
    }
    lab = Testbed.open();
    lab.backup().run("sysctl", "-qw", "net.ipv4.tcp_rto_min_us=" + SYSTEMS.toNanos() / 1_000);
  }

  @AfterEach
  void close() throws Exception {
    if (lab != null) {
      lab.close();
    }
  }

  @Test
  void itIsReadBack() throws Exception {
    try (KeepaliveSocket link = lab.connect(KeepaliveOptions.defaults())) {
      assertEquals(Optional.of(SYSTEMS), link.effectiveOptions().rtoMin());
    }
  }

  @Test
  void aLinkWithProbesConnectsIfTheirDeadlineIsLonger() throws Exception {
    try (KeepaliveSocket link = lab.connect(probing(Duration.ofSeconds(1)))) {
      assertEquals(Optional.of(SYSTEMS), link.effectiveOptions().rtoMin());
    }
  }

  @Test
  void aLinkWithProbesIsRefusedIfTheirDeadlineIsShorter() {
    IOException refusal =
        assertThrows(IOException.class, () -> lab.connect(probing(Duration.ofMillis(250))));
    assertTrue(refusal.getMessage().contains("made good only after 312 ms"), refusal::getMessage);
  }

  private static KeepaliveOptions probing(Duration deadline) {
    return KeepaliveOptions.builder().probe(Duration.ofMillis(100), deadline).build();
  }
}
