package io.github.keepalive4j.server;

import io.github.keepalive4j.KeepaliveServer;
import io.github.keepalive4j.support.Descriptors;
import io.github.keepalive4j.support.Eventually;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;

/** Opens a server, and says what came of it. */
final class RefusedOptionProgram {
  private RefusedOptionProgram() {}

  public static void main(String[] args) throws Exception {
    open();
    int before = Descriptors.count();
    System.out.println(open());
    Eventually.await("as few descriptors as before", () -> Descriptors.count() <= before);
    System.out.println("nothing is left open");
  }

  private static String open() {
    try {
      KeepaliveServer.open(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0)).close();
      return "open";
    } catch (IOException e) {
      return e.getMessage();
    }
  }
}
