package io.github.keepalive4j.cli.sockets;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.keepalive4j.cli.EventLine;
import io.github.keepalive4j.cli.Keepalive;
import io.github.keepalive4j.cli.Sources;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Which sockets are set once, and when: by the rules of a sweep. */
class SetOnceTest {
  private static Keepalive set(long pid, String... more) throws IOException {
    List<String> arguments =
        new ArrayList<>(List.of("sockets", "--pid", Long.toString(pid), "--json"));
    arguments.addAll(List.of("--within", "1h"));
    arguments.addAll(List.of(more));
    return Keepalive.run(arguments.toArray(String[]::new));
  }

  /** Keepalive timers that are set together fire together. */
  @Test
  void aCrowdIsSetInBatches() throws Exception {
    int crowd = 150;
    int batch = 120;
    List<Socket> sockets = new ArrayList<>();
    try (ServerSocket server = new ServerSocket(0, crowd, InetAddress.getLoopbackAddress())) {
      for (int i = 0; i < crowd; i++) {
        sockets.add(new Socket(server.getInetAddress(), server.getLocalPort()));
        sockets.add(server.accept());
      }
      String peers = "127.0.0.1:" + server.getLocalPort();
      try (Keepalive command = set(ProcessHandle.current().pid(), "--to", peers)) {
        assertEquals(0, command.awaitEnd(), command::output);
        List<EventLine> governed = command.events("governed");
        assertEquals(crowd, governed.size());
        long pauseNs =
            governed.get(batch).number("monotonicNs")
                - governed.get(batch - 1).number("monotonicNs");
        assertTrue(pauseNs > Duration.ofMillis(200).toNanos(), pauseNs + " ns");
      }
    } finally {
      for (Socket socket : sockets) {
        socket.close();
      }
    }
  }

  /** A link of this library is a socket like others to another process. */
  @Test
  void anotherProcessesLinksAreSetToo() throws Exception {
    try (Sources.Listening source = Sources.onLoopback();
        Keepalive backup = Keepalive.run("watch", source.address(), "--json")) {
      backup.awaitEvent("up");
      try (Keepalive command = set(backup.pid())) {
        assertEquals(0, command.awaitEnd(), command::output);
        EventLine governed = command.events("governed").get(0);
        assertEquals(source.address(), governed.text("peer"));
        SocketView link = ForeignSockets.find(backup.pid(), SocketView::hasPeer).orElseThrow();
        assertEquals(governed.number("userTimeoutMs"), link.options().userTimeoutMs());
      }
    }
  }
}
