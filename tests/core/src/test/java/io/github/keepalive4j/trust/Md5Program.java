package io.github.keepalive4j.trust;

import io.github.keepalive4j.KeepaliveOptions;
import io.github.keepalive4j.KeepaliveServer;
import io.github.keepalive4j.KeepaliveSocket;
import io.github.keepalive4j.Md5Key;
import io.github.keepalive4j.support.Descriptors;
import io.github.keepalive4j.support.Eventually;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;

/** Asks for a signed server and a signed link, and says what came of it. */
final class Md5Program {
  private static final Md5Key KEY = Md5Key.of("open sesame".getBytes(StandardCharsets.US_ASCII));
  private static final InetSocketAddress LOOPBACK =
      new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);

  private Md5Program() {}

  public static void main(String[] args) throws Exception {
    try (KeepaliveServer server = KeepaliveServer.open(LOOPBACK)) {
      int before = Descriptors.count();
      KeepaliveOptions options = KeepaliveOptions.builder().md5Key(KEY).build();
      tell(() -> KeepaliveServer.builder().md5Key(KEY).open(LOOPBACK).close());
      tell(() -> KeepaliveSocket.connect(server.localAddress(), options).close());
      Eventually.await("as few descriptors as before", () -> Descriptors.count() <= before);
      System.out.println("nothing is left open");
    }
  }

  private static void tell(Attempt attempt) {
    try {
      attempt.run();
      System.out.println("nothing");
    } catch (IOException e) {
      System.out.println(e.getMessage());
    }
  }

  private interface Attempt {
    void run() throws IOException;
  }
}
