package io.github.keepalive4j;

import io.github.keepalive4j.UnloadContainer.Usage;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.concurrent.TimeUnit;

/** Opens and closes one link again and again; tells after how many times the shim stays loaded. */
final class BindingsProgram {
  private static final int MOST = 200;
  private static final long LIMIT_NS = TimeUnit.SECONDS.toNanos(2);

  private BindingsProgram() {}

  public static void main(String[] args) throws Exception {
    try (ServerSocket source = new ServerSocket(0, 2 * MOST, InetAddress.getLoopbackAddress())) {
      InetSocketAddress address = (InetSocketAddress) source.getLocalSocketAddress();
      int times = 1;
      while (times < MOST && isUnloadedAfterOneLink(address)) {
        times++;
      }
      System.out.println(times);
    }
  }

  private static boolean isUnloadedAfterOneLink(InetSocketAddress address) throws IOException {
    long loaded;
    try (KeepaliveSocket link = KeepaliveSocket.connect(address, KeepaliveOptions.defaults())) {
      link.effectiveOptions();
      loaded = Usage.mappedLibraries();
    }
    long startNs = System.nanoTime();
    while (Usage.mappedLibraries() == loaded && System.nanoTime() - startNs < LIMIT_NS) {
      Thread.onSpinWait();
    }
    return Usage.mappedLibraries() < loaded;
  }
}
