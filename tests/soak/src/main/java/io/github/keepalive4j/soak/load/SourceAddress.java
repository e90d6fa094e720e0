package io.github.keepalive4j.soak.load;

import io.github.keepalive4j.soak.fault.Family;
import io.github.keepalive4j.soak.program.SourceProgram;
import java.net.InetSocketAddress;
import java.util.concurrent.TimeUnit;

/** The addresses of a source, and whether the last connect to it succeeded. */
final class SourceAddress {
  private static final String SEPARATOR = ",";
  private static final long BACKOFF_NS = TimeUnit.SECONDS.toNanos(1);

  private final InetSocketAddress ipv4;
  private final InetSocketAddress ipv6;
  private volatile boolean failed;
  private volatile long failedNs;

  private SourceAddress(String ipv4, String ipv6) {
    this.ipv4 = new InetSocketAddress(ipv4, SourceProgram.PORT);
    this.ipv6 = new InetSocketAddress(ipv6, SourceProgram.PORT);
  }

  /** Returns the addresses that were written as IPv4,IPv6. */
  static SourceAddress parse(String text) {
    String[] addresses = text.split(SEPARATOR, -1);
    return new SourceAddress(addresses[0], addresses[1]);
  }

  InetSocketAddress of(Family family) {
    return family == Family.IPV4 ? ipv4 : ipv6;
  }

  void connected() {
    failed = false;
  }

  void failed() {
    failedNs = System.nanoTime();
    failed = true;
  }

  boolean isBackingOff() {
    return failed && System.nanoTime() - failedNs < BACKOFF_NS;
  }
}
