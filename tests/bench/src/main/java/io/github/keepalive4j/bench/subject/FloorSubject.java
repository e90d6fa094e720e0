package io.github.keepalive4j.bench.subject;

import io.github.keepalive4j.bench.peer.BenchLibrary;
import java.io.IOException;
import java.lang.ref.Reference;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;

/**
 * A C thread in poll(2) that stamps the time when it returns: what the kernel alone takes. With
 * evidence, it reads the error and TCP_INFO first, as the monitor does. No Java runs in its path.
 */
final class FloorSubject implements Subject {
  private final Stamps stamps; // kept from being freed: C writes to it
  private final long floor;

  FloorSubject(Stamps stamps, boolean withEvidence) throws IOException {
    this.stamps = stamps;
    long[] made = new long[1];
    BenchLibrary.check(
        "opening the floor",
        BenchLibrary.kb_floor_open(
            made, stamps.address(), stamps.capacity(), withEvidence ? 1 : 0));
    floor = made[0];
  }

  @Override
  public int watch(InetSocketAddress peer, int slot) throws IOException {
    int address = ByteBuffer.wrap(peer.getAddress().getAddress()).getInt();
    int fd = BenchLibrary.check("connecting", BenchLibrary.kb_connect(address, peer.getPort()));
    int port = BenchLibrary.kb_local_port(fd);
    BenchLibrary.check("watching", BenchLibrary.kb_floor_watch(floor, fd, slot));
    return port;
  }

  @Override
  public void close() throws IOException {
    try {
      BenchLibrary.check("closing the floor", BenchLibrary.kb_floor_close(floor));
    } finally {
      Reference.reachabilityFence(stamps);
    }
  }
}
