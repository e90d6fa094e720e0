package io.github.keepalive4j.link;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.keepalive4j.EachTransport;
import io.github.keepalive4j.KeepaliveException;
import io.github.keepalive4j.KeepaliveOptions;
import io.github.keepalive4j.KeepaliveSocket;
import io.github.keepalive4j.support.Background;
import io.github.keepalive4j.support.Descriptors;
import io.github.keepalive4j.support.FailingSource;
import io.github.keepalive4j.support.LinkPair;
import io.github.keepalive4j.support.UnusedAddress;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NoRouteToHostException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.nio.channels.AlreadyConnectedException;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.NotYetConnectedException;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ConnectTest extends EachTransport {
  private static final Duration LONG = Duration.ofSeconds(60);
  private static final KeepaliveOptions DEFAULTS = KeepaliveOptions.defaults();

  private int descriptors;

  @BeforeEach
  void countDescriptors() throws IOException {
    KeepaliveSocket.open(DEFAULTS).close(); // what loads only once
    descriptors = Descriptors.count();
  }

  @AfterEach
  void nothingIsLeftOpen() throws Exception {
    Descriptors.assertBackTo(descriptors);
  }

  @ParameterizedTest
  @ValueSource(strings = {"127.0.0.1", "::1"})
  void aLinkKnowsBothItsEnds(String address) throws Exception {
    try (FailingSource source = new FailingSource(address);
        LinkPair pair = source.connect()) {
      assertTrue(pair.link().isOpen());
      assertEquals(source.address(), pair.link().peer());
      assertEquals(pair.source().getRemoteSocketAddress(), pair.link().localAddress());
      assertTrue(pair.link().toString().contains(source.address().toString()));
    }
  }

  @Test
  void aRefusedConnectionIsAnError() throws Exception {
    InetSocketAddress closed = UnusedAddress.find();
    ConnectException thrown =
        assertThrows(ConnectException.class, () -> KeepaliveSocket.connect(closed, DEFAULTS));
    assertEquals(
        "connecting to " + closed + ": ECONNREFUSED (Connection refused)", thrown.getMessage());
  }

  /** Nobody listens, but the kernel lets a connection from a port to the same port succeed. */
  @ParameterizedTest
  @ValueSource(strings = {"127.0.0.1", "::1", "0.0.0.0"})
  void aLinkDoesNotConnectToItself(String address) throws Exception {
    int port = UnusedAddress.find().getPort();
    InetSocketAddress itself = new InetSocketAddress(address, port);
    KeepaliveOptions options = KeepaliveOptions.builder().sourceAddress(itself).build();
    ConnectException thrown =
        assertThrows(ConnectException.class, () -> KeepaliveSocket.connect(itself, options));
    assertEquals(
        "connecting to " + itself + ": nobody listens there, and the link reached itself",
        thrown.getMessage());
  }

  @Test
  void aSourceThatNeverAnswersIsATimeout() throws Exception {
    try (FullBacklog silent = new FullBacklog()) {
      Duration timeout = Duration.ofMillis(250);
      long startNs = System.nanoTime();
      SocketTimeoutException thrown =
          assertThrows(
              SocketTimeoutException.class,
              () -> KeepaliveSocket.connect(silent.address(), DEFAULTS, timeout));
      long tookMs = Duration.ofNanos(System.nanoTime() - startNs).toMillis();
      assertTrue(tookMs >= 250 && tookMs < 2_000, () -> tookMs + " ms");
      assertEquals(
          "connecting to " + silent.address() + ": no answer within 250 ms", thrown.getMessage());
    }
  }

  @Test
  void anUnreachableNetworkIsNoRouteToHost() {
    InetSocketAddress nowhere = new InetSocketAddress("2001:db8::1", 9);
    NoRouteToHostException thrown =
        assertThrows(
            NoRouteToHostException.class, () -> KeepaliveSocket.connect(nowhere, DEFAULTS));
    assertTrue(
        thrown.getMessage().startsWith("connecting to " + nowhere + ": E"), thrown.getMessage());
  }

  @Test
  void anErrorOfTheKernelHasItsErrno() throws Exception {
    try (FailingSource source = new FailingSource()) {
      KeepaliveOptions foreign =
          KeepaliveOptions.builder().sourceAddress(new InetSocketAddress("192.0.2.1", 0)).build();
      KeepaliveException thrown =
          assertThrows(
              KeepaliveException.class, () -> KeepaliveSocket.connect(source.address(), foreign));
      assertEquals("EADDRNOTAVAIL", thrown.errnoName());
      assertInstanceOf(SocketException.class, thrown);
      assertTrue(thrown.getMessage().contains(source.address().toString()), thrown.getMessage());
    }
  }

  @Test
  void anUnresolvedAddressIsAnError() {
    InetSocketAddress unresolved = InetSocketAddress.createUnresolved("nowhere.invalid", 9999);
    UnknownHostException thrown =
        assertThrows(
            UnknownHostException.class, () -> KeepaliveSocket.connect(unresolved, DEFAULTS));
    assertEquals("nowhere.invalid", thrown.getMessage());
  }

  @Test
  void portZeroIsRefused() {
    InetSocketAddress noPort = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    IllegalArgumentException thrown =
        assertThrows(
            IllegalArgumentException.class, () -> KeepaliveSocket.connect(noPort, DEFAULTS));
    assertTrue(thrown.getMessage().contains("port 0"), thrown.getMessage());
  }

  @Test
  void aSourceAddressOfAnotherFamilyIsRefused() throws Exception {
    try (FailingSource source = new FailingSource()) {
      KeepaliveOptions options =
          KeepaliveOptions.builder().sourceAddress(new InetSocketAddress("fd00::1", 0)).build();
      IllegalArgumentException thrown =
          assertThrows(
              IllegalArgumentException.class,
              () -> KeepaliveSocket.connect(source.address(), options));
      assertTrue(thrown.getMessage().contains("differ in family"), thrown.getMessage());
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {-1, 0, 1L + Integer.MAX_VALUE})
  void timeoutsOutOfRangeAreRefused(long timeoutMs) throws Exception {
    try (FailingSource source = new FailingSource()) {
      Duration timeout = Duration.ofMillis(timeoutMs);
      String message =
          assertThrows(
                  IllegalArgumentException.class,
                  () -> KeepaliveSocket.connect(source.address(), DEFAULTS, timeout))
              .getMessage();
      assertEquals("timeout " + timeout + " is not from 1 ms to 2147483647 ms", message);
    }
  }

  @Test
  void aConnectedLinkConnectsNoSecondTime() throws Exception {
    try (FailingSource source = new FailingSource();
        LinkPair pair = source.connect()) {
      assertThrows(
          AlreadyConnectedException.class, () -> pair.link().connectTo(source.address(), LONG));
      assertTrue(pair.link().isOpen());
    }
  }

  @Test
  void aLinkNotYetConnectedHasNothingToTell() throws Exception {
    try (KeepaliveSocket link = KeepaliveSocket.open(DEFAULTS)) {
      assertThrows(NotYetConnectedException.class, link::peer);
      assertThrows(NotYetConnectedException.class, link::localAddress);
      assertThrows(NotYetConnectedException.class, link::classify);
      assertThrows(NotYetConnectedException.class, () -> link.awaitFailure(LONG));
      assertTrue(link.toString().contains("unconnected"));
    }
  }

  @Test
  void aClosedLinkDoesNotConnect() throws Exception {
    try (FailingSource source = new FailingSource()) {
      KeepaliveSocket link = KeepaliveSocket.open(DEFAULTS);
      link.close();
      assertThrows(ClosedChannelException.class, () -> link.connectTo(source.address(), LONG));
    }
  }

  @Test
  void closingEndsConnecting() throws Exception {
    try (FullBacklog silent = new FullBacklog()) {
      KeepaliveSocket link = KeepaliveSocket.open(DEFAULTS);
      Background<?> connecting = connecting(link, silent);
      link.close();
      assertThrows(AsynchronousCloseException.class, connecting::get);
    }
  }

  @Test
  void anInterruptEndsConnectingAndClosesTheLink() throws Exception {
    try (FullBacklog silent = new FullBacklog()) {
      KeepaliveSocket link = KeepaliveSocket.open(DEFAULTS);
      Background<?> connecting = connecting(link, silent);
      connecting.interrupt();
      assertThrows(ClosedByInterruptException.class, connecting::get);
      assertFalse(link.isOpen());
    }
  }

  @Test
  void aConnectingLinkIsNotConnectedASecondTime() throws Exception {
    try (FullBacklog silent = new FullBacklog();
        KeepaliveSocket link = KeepaliveSocket.open(DEFAULTS)) {
      connecting(link, silent);
      assertThrows(IllegalStateException.class, () -> link.connectTo(silent.address(), LONG));
      assertTrue(link.isOpen());
    }
  }

  private static Background<?> connecting(KeepaliveSocket link, FullBacklog to) throws Exception {
    return Background.start(
            () -> {
              link.connectTo(to.address(), LONG);
              return null;
            })
        .awaitInside("connect");
  }

  @Test
  void aFailedLinkIsClosed() throws Exception {
    InetSocketAddress closed = UnusedAddress.find();
    KeepaliveSocket link = KeepaliveSocket.open(DEFAULTS);
    assertThrows(IOException.class, () -> link.connectTo(closed, LONG));
    assertFalse(link.isOpen());
  }
}
