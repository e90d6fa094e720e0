package io.github.keepalive4j.qemu;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.InetSocketAddress;
import java.net.UnixDomainSocketAddress;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class QmpAddressTest {

  @Test
  void readsPaths() {
    assertEquals(UnixDomainSocketAddress.of("/run/vm.qmp"), QmpAddress.parse("/run/vm.qmp"));
    assertEquals(UnixDomainSocketAddress.of("/run/vm.qmp"), QmpAddress.parse("unix:/run/vm.qmp"));
  }

  @Test
  void readsHostsAndPorts() {
    InetSocketAddress four = (InetSocketAddress) QmpAddress.parse("tcp:127.0.0.1:4444");
    assertEquals("/127.0.0.1:4444", four.toString());
    InetSocketAddress six = (InetSocketAddress) QmpAddress.parse("tcp:[::1]:4444");
    assertTrue(six.getAddress().isLoopbackAddress());
    assertEquals(4444, six.getPort());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", " ", "unix:", "tcp:", "tcp:4444", "tcp::4444", "tcp:host:", "tcp:host:x"})
  void refusesAnythingElse(String text) {
    assertThrows(IllegalArgumentException.class, () -> QmpAddress.parse(text));
  }

  @Test
  void namesTheRangeOfPorts() {
    IllegalArgumentException e =
        assertThrows(IllegalArgumentException.class, () -> QmpAddress.parse("tcp:127.0.0.1:65536"));
    assertTrue(e.getMessage().contains("65536, must be between 1 and 65535"), e.getMessage());
  }
}
