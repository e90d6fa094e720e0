package io.github.keepalive4j.sockets;

import io.github.keepalive4j.support.ChildJvm;
import io.github.keepalive4j.support.Eventually;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.Arrays;

/**
 * {@link ChurnServerProgram} in a process of its own: one process has too few descriptors for both
 * ends of 10,000 connections.
 */
final class ChurnServer implements AutoCloseable {
  private static final Duration ALL_ENDED = Duration.ofSeconds(30);

  private final ChildJvm process;
  private final int[] ports;

  private ChurnServer(ChildJvm process, int[] ports) {
    this.process = process;
    this.ports = ports;
  }

  static ChurnServer start() throws Exception {
    ChildJvm process = ChildJvm.start(ChurnServerProgram.class);
    try {
      String ports = process.readLine(ALL_ENDED);
      return new ChurnServer(
          process, Arrays.stream(ports.trim().split(" ")).mapToInt(Integer::parseInt).toArray());
    } catch (Exception | Error e) {
      process.close();
      throw e;
    }
  }

  int port(int number) {
    return ports[number];
  }

  /**
   * Connects to a port of one of the addresses. A channel's socket sends its FIN when the last
   * duplicate is closed; others shut their output down first.
   */
  Socket connect(int address, int port) throws IOException {
    return SocketChannel.open(
            new InetSocketAddress(ChurnServerProgram.address(address), ports[port]))
        .socket();
  }

  /** Closes a client's socket, and has the server measure how long the FIN takes. */
  static void close(Socket socket) throws IOException {
    byte[] now = ByteBuffer.allocate(Long.BYTES).putLong(System.nanoTime()).array();
    socket.getOutputStream().write(now);
    socket.close();
  }

  /** Waits until no connection is open any more. */
  ChurnReport awaitAllEnded() throws Exception {
    Eventually.await("the last FIN", ALL_ENDED, () -> report().open() == 0);
    return report();
  }

  private ChurnReport report() throws Exception {
    return ChurnReport.parse(process.ask("report"));
  }

  @Override
  public void close() {
    process.close();
  }
}
