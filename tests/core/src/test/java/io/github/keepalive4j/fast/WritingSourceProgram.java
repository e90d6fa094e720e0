package io.github.keepalive4j.fast;

import io.github.keepalive4j.KeepaliveServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;

/** A source that writes to a file for each byte of its standard input. */
final class WritingSourceProgram {
  static final String FILE = "file";

  private WritingSourceProgram() {}

  public static void main(String[] args) throws IOException {
    InetSocketAddress any = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    Path file = Path.of(System.getProperty(FILE));
    try (KeepaliveServer server = KeepaliveServer.open(any)) {
      System.out.println(ProcessHandle.current().pid());
      System.out.println(server.localAddress().getPort());
      while (System.in.read() >= 0) {
        Files.writeString(file, "text");
      }
    }
  }
}
