package com.example.standby;

import com.sun.jna.Memory;
import com.sun.jna.Native;
import com.sun.jna.NativeLong;
import com.sun.jna.Pointer;
import io.github.keepalive4j.Failure;
import io.github.keepalive4j.KeepaliveOptions;
import io.github.keepalive4j.KeepaliveSocket;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.net.InetSocketAddress;
import java.util.Optional;

/** A program whose only thread waits in poll(2) for its own input and for the source's death. */
class EventLoop {
  private static final int STDIN = 0;
  private static final int POLLFD_SIZE = 8; // int fd; short events; short revents
  private static final short POLLIN = 1;

  static {
    Native.register(EventLoop.class, "c");
  }

  private static native int poll(Pointer pollfds, NativeLong count, int timeoutMs);

  public static void main(String[] args) throws Exception {
    InetSocketAddress source = new InetSocketAddress(args[0], 9999);
    try (KeepaliveSocket link = KeepaliveSocket.connect(source, KeepaliveOptions.defaults());
        FileInputStream input = new FileInputStream(FileDescriptor.in);
        Memory pollfds = new Memory(2 * POLLFD_SIZE)) {
      watch(pollfds, 0, STDIN);
      watch(pollfds, 1, link.fd());
      System.out.println("waiting");
      while (true) {
        poll(pollfds, new NativeLong(2), -1);
        Optional<Failure> failure = isReady(pollfds, 1) ? link.classify() : Optional.empty();
        if (failure.isPresent()) {
          System.out.println("taking over: " + failure.get());
          return;
        }
        if (isReady(pollfds, 0)) {
          System.out.println(input.read(new byte[4096]) + " bytes of input, the source is up");
        }
      }
    }
  }

  private static void watch(Memory pollfds, int index, int fd) {
    pollfds.setInt((long) index * POLLFD_SIZE, fd);
    pollfds.setShort((long) index * POLLFD_SIZE + 4, POLLIN);
  }

  private static boolean isReady(Memory pollfds, int index) {
    return pollfds.getShort((long) index * POLLFD_SIZE + 6) != 0;
  }
}
