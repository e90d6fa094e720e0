package io.github.keepalive4j.link;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.keepalive4j.KeepaliveException;
import io.github.keepalive4j.KeepaliveOptions;
import io.github.keepalive4j.KeepaliveSocket;
import io.github.keepalive4j.support.Descriptors;
import io.github.keepalive4j.support.FailingSource;
import io.github.keepalive4j.support.LinkPair;
import io.github.keepalive4j.support.RequiresLab;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

/** What the kernel gives back for what was set before connecting. */
class EffectiveOptionsTest {
  @Test
  void theProbesAreReadBack() throws Exception {
    KeepaliveOptions effective =
        effective(
            KeepaliveOptions.builder()
                .idle(Duration.ofSeconds(7))
                .interval(Duration.ofSeconds(11))
                .count(13)
                .build());
    assertEquals(Duration.ofSeconds(7), effective.idle());
    assertEquals(Duration.ofSeconds(11), effective.interval());
    assertEquals(13, effective.count());
  }

  @Test
  void theUserTimeoutIsReadBack() throws Exception {
    Duration timeout = Duration.ofMillis(4_321);
    assertEquals(
        Optional.of(timeout),
        effective(KeepaliveOptions.builder().userTimeout(timeout).build()).userTimeout());
  }

  @Test
  void theSynCountIsReadBack() throws Exception {
    assertEquals(
        OptionalInt.of(3), effective(KeepaliveOptions.builder().synCount(3).build()).synCount());
  }

  @Test
  void noDelayIsReadBack() throws Exception {
    for (boolean on : new boolean[] {true, false}) {
      assertEquals(on, effective(KeepaliveOptions.builder().noDelay(on).build()).noDelay());
    }
  }

  @Test
  void theDeviceIsReadBack() throws Exception {
    assertEquals(
        Optional.of("lo"), effective(KeepaliveOptions.builder().device("lo").build()).device());
  }

  @Test
  void theSourceAddressIsReadBack() throws Exception {
    InetSocketAddress from = new InetSocketAddress("127.0.0.2", freePort());
    assertEquals(
        Optional.of(from),
        effective(KeepaliveOptions.builder().sourceAddress(from).build()).sourceAddress());
  }

  private static int freePort() throws IOException {
    try (FailingSource source = new FailingSource("127.0.0.2")) {
      return source.address().getPort();
    }
  }

  @Test
  @RequiresLab
  void theMarkIsReadBackInAllItsBits() throws Exception {
    long mark = 0xFEDC_BA98L;
    assertEquals(
        OptionalLong.of(mark), effective(KeepaliveOptions.builder().mark(mark).build()).mark());
  }

  @Test
  void whatWasNotSetIsReadBackToo() throws Exception {
    KeepaliveOptions effective = effective(KeepaliveOptions.defaults());
    assertEquals(Optional.of(Duration.ZERO), effective.userTimeout());
    assertFalse(effective.noDelay());
    assertEquals(OptionalLong.of(0), effective.mark());
    assertEquals(Optional.empty(), effective.device());
    assertTrue(effective.synCount().isPresent());
    assertTrue(effective.sourceAddress().isPresent());
  }

  private static KeepaliveOptions effective(KeepaliveOptions options) throws IOException {
    try (FailingSource source = new FailingSource();
        LinkPair pair = source.connect(options)) {
      assertEquals(options, pair.link().options());
      return pair.link().effectiveOptions();
    }
  }

  @Test
  void aDeviceThatIsNotThereIsNamedWithTheOption() throws Exception {
    assertRefused(
        KeepaliveOptions.builder().device("no-such-device").build(), "SO_BINDTODEVICE", "ENODEV");
  }

  @Test
  void aSourceAddressOfAnotherMachineIsNamedWithTheStep() throws Exception {
    InetSocketAddress foreign = new InetSocketAddress("198.51.100.1", 0);
    assertRefused(
        KeepaliveOptions.builder().sourceAddress(foreign).build(), "BIND", "EADDRNOTAVAIL");
  }

  private static void assertRefused(KeepaliveOptions options, String step, String errno)
      throws Exception {
    try (FailingSource source = new FailingSource()) {
      int before = Descriptors.count();
      KeepaliveException thrown =
          assertThrows(
              KeepaliveException.class, () -> KeepaliveSocket.connect(source.address(), options));
      assertEquals(errno, thrown.errnoName());
      assertTrue(thrown.getMessage().contains(step), thrown.getMessage());
      assertTrue(thrown.getMessage().contains(errno), thrown.getMessage());
      Descriptors.assertBackTo(before);
    }
  }
}
