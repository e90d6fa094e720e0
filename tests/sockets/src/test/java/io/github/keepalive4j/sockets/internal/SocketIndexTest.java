package io.github.keepalive4j.sockets.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.keepalive4j.internal.sockets.Duplicate;
import io.github.keepalive4j.internal.sockets.SocketTable;
import io.github.keepalive4j.internal.sockets.Sockets;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Sockets that come, go, and have more than one number. */
class SocketIndexTest {
  private final SocketIndex index = new SocketIndex();
  private final List<TrackedSocket> gone = new ArrayList<>();
  private SocketTable table;
  private ServerSocket listener;
  private Socket client;

  @BeforeEach
  void open() throws Exception {
    table = SocketTable.ofThisProcess();
    listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    client = new Socket(listener.getInetAddress(), listener.getLocalPort());
  }

  @AfterEach
  void close() throws Exception {
    client.close();
    listener.close();
    table.close();
  }

  private void update() throws IOException {
    gone.clear();
    index.update(table.scan(), gone::add);
  }

  /** Returns the one that has this number. */
  private TrackedSocket at(int fd) throws IOException {
    Sockets sockets = table.scan();
    for (int i = 0; i < sockets.size(); i++) {
      if (sockets.fd(i) == fd) {
        return of(sockets.identity(i));
      }
    }
    throw new AssertionError("no socket " + fd);
  }

  private TrackedSocket of(long identity) {
    List<TrackedSocket> found =
        index.all().stream().filter(socket -> socket.identity == identity).toList();
    assertEquals(1, found.size());
    return found.get(0);
  }

  @Test
  void aSocketIsOneWhicheverNumbersItHas() throws Exception {
    update();
    TrackedSocket socket;
    try (Duplicate duplicate = Duplicate.find(client)) {
      update();
      socket = at(duplicate.fd());
      assertNotEquals(duplicate.fd(), socket.fd);
      client.close();
      update();
      assertSame(socket, at(duplicate.fd()));
      assertEquals(duplicate.fd(), socket.fd);
      assertFalse(gone.contains(socket));
    }
    update();
    assertEquals(1, Collections.frequency(gone, socket));
    assertFalse(index.all().contains(socket));
    update();
    assertFalse(gone.contains(socket));
  }

  @Test
  void aNumberThatIsUsedAgainIsAnotherSocket() throws Exception {
    int fd;
    TrackedSocket first;
    try (Duplicate duplicate = Duplicate.find(client)) {
      fd = duplicate.fd();
      update();
      first = at(fd);
    }
    try (Socket next = new Socket(listener.getInetAddress(), listener.getLocalPort());
        Duplicate duplicate = Duplicate.find(next)) {
      int lower = Math.min(fd, duplicate.fd());
      client.close();
      update();
      assertTrue(gone.contains(first));
      assertNotEquals(first, at(lower));
    }
  }
}
