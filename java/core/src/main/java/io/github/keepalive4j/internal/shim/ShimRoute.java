package io.github.keepalive4j.internal.shim;

import io.github.keepalive4j.LocalTrouble;
import io.github.keepalive4j.internal.Errno;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Optional;

/**
 * What a link's route depends on: its local address, its mark and its device. It is read before the
 * link is closed, and can be asked for afterwards.
 */
final class ShimRoute {
  /** The index of the loopback device in each network namespace. */
  private static final int LOOPBACK = 1;

  private final byte[] config; // null if the device that the link was bound to is gone

  private final int interfaceIndex; // whose carrier the link depends on, or 0

  private ShimRoute(byte[] config, int interfaceIndex) {
    this.config = config;
    this.interfaceIndex = interfaceIndex;
  }

  /** Reads it of an open descriptor; returns null if the kernel refuses. */
  static ShimRoute of(int fd, int interfaceIndex) {
    byte[] config = new byte[Layout.CONFIG_SIZE];
    int result = Shim.ka_effective(fd, config);
    if (result == -Errno.ENODEV.number()) {
      return new ShimRoute(null, interfaceIndex);
    }
    return result < 0 ? null : new ShimRoute(config, interfaceIndex);
  }

  /** Asks the kernel for the route to the peer, by the calling thread's network namespace. */
  Optional<LocalTrouble> check(InetSocketAddress peer) {
    if (config == null) {
      return Optional.of(LocalTrouble.NO_ROUTE);
    }
    try {
      ShimLibrary.acquire();
    } catch (IOException e) {
      return Optional.empty(); // nothing is known
    }
    try {
      int[] failed = new int[1];
      int result = Shim.ka_check_route(config, AddressLayout.encode(peer), failed);
      return result == 0 ? checkCarrier() : trouble(Option.of(failed[0]), -result);
    } finally {
      ShimLibrary.release();
    }
  }

  private Optional<LocalTrouble> checkCarrier() {
    int result = interfaceIndex == 0 ? 0 : Shim.ka_check_carrier(interfaceIndex);
    boolean lost = result == -Errno.ENETDOWN.number() || result == -Errno.ENODEV.number();
    return lost ? Optional.of(LocalTrouble.NO_CARRIER) : Optional.empty();
  }

  /** Asks once, and sends nothing, so that a callback isn't the first to do it. */
  static void warmUp() {
    InetSocketAddress nobody = new InetSocketAddress(InetAddress.getLoopbackAddress(), 9);
    var unused = new ShimRoute(new byte[Layout.CONFIG_SIZE], LOOPBACK).check(nobody);
  }

  private static Optional<LocalTrouble> trouble(Option step, int errno) {
    boolean deviceGone = step == Option.SO_BINDTODEVICE && errno == Errno.ENODEV.number();
    if (deviceGone || step == Option.ROUTE) {
      return Optional.of(LocalTrouble.NO_ROUTE);
    }
    return step == Option.BIND ? Optional.of(LocalTrouble.ADDRESS_GONE) : Optional.empty();
  }
}
