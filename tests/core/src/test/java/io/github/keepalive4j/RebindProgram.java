package io.github.keepalive4j;

import io.github.keepalive4j.support.Background;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Threads that open and close links, so that again and again none is open; tells of their end. */
final class RebindProgram {
  private static final int THREADS = 4;
  private static final int LINKS = 100;

  private RebindProgram() {}

  public static void main(String[] args) throws Exception {
    List<Background<Void>> threads = new ArrayList<>();
    try (ServerSocket source = new ServerSocket(0, 1024, InetAddress.getLoopbackAddress())) {
      InetSocketAddress address = (InetSocketAddress) source.getLocalSocketAddress();
      for (int i = 0; i < THREADS; i++) {
        threads.add(Background.start(() -> openAndClose(address)));
      }
      for (Background<Void> thread : threads) {
        thread.get(Duration.ofMinutes(1));
      }
    }
    System.out.println(Transport.selected() + " " + THREADS * LINKS);
  }

  private static Void openAndClose(InetSocketAddress address) throws Exception {
    for (int i = 0; i < LINKS; i++) {
      try (KeepaliveSocket link = KeepaliveSocket.connect(address, KeepaliveOptions.defaults())) {
        link.effectiveOptions();
      }
    }
    return null;
  }
}
