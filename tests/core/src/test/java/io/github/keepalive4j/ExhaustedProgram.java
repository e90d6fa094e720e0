package io.github.keepalive4j;

import java.io.FileInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.Callable;

/** Asks the library for the first time while no descriptor is to be had, and again when one is. */
final class ExhaustedProgram {
  private static final Duration PROBED = Duration.ofSeconds(1);

  private final Deque<FileInputStream> taken = new ArrayDeque<>();
  private final ServerSocket source;

  private ExhaustedProgram() throws IOException {
    source = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
  }

  public static void main(String[] args) throws Exception {
    if (args.length > 0) {
      throw new IllegalArgumentException("takes no arguments");
    }
    new ExhaustedProgram().run();
  }

  private void run() throws Exception {
    InetSocketAddress address = (InetSocketAddress) source.getLocalSocketAddress();
    System.out.println(say(Transport.JDK::isAvailable)); // opens the jar while it can be
    exhaust();
    System.out.println(say(() -> Transport.NATIVE.isAvailable()));
    System.out.println(say(Transport::selected));
    System.out.println(say(() -> KeepaliveSocket.connect(address, KeepaliveOptions.defaults())));
    System.out.println(say(() -> KeepaliveOptions.detectWithin(PROBED)));
    release();
    System.out.println(say(() -> Transport.NATIVE.isAvailable()));
    KeepaliveSocket link = KeepaliveSocket.connect(address, KeepaliveOptions.defaults());
    exhaust();
    System.out.println(say(() -> KeepaliveOptions.detectWithin(PROBED)));
    System.out.println(say(() -> link.awaitFailure(Duration.ofMillis(1))));
    release();
    System.out.println(say(KeepaliveOptions::smallestBudget));
    System.out.println(say(() -> link.awaitFailure(Duration.ofMillis(1))));
    source.accept().close();
    System.out.println(say(() -> link.awaitFailure().cause()));
  }

  private static String say(Callable<?> call) {
    try {
      return String.valueOf(call.call());
    } catch (Throwable e) { // whatever it is, the test compares it
      return e.toString().replace('\n', ' ');
    }
  }

  private void exhaust() {
    try {
      while (true) {
        taken.push(new FileInputStream("/dev/null"));
      }
    } catch (IOException e) {
      return;
    }
  }

  private void release() throws IOException {
    while (!taken.isEmpty()) {
      taken.pop().close();
    }
  }
}
