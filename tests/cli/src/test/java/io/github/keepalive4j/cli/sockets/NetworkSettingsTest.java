package io.github.keepalive4j.cli.sockets;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.sun.jna.Library;
import com.sun.jna.Native;
import com.sun.jna.ptr.IntByReference;
import io.github.keepalive4j.internal.sockets.Duplicate;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import org.junit.jupiter.api.Test;

/** What a socket has set for itself replaces its namespace's. */
class NetworkSettingsTest {
  private static final int IPPROTO_TCP = 6;

  /** The C library. */
  public interface C extends Library {
    int setsockopt(int fd, int level, int name, IntByReference value, int length);
  }

  private static final C LIBRARY = Native.load("c", C.class);

  private static boolean set(Duplicate socket, int option, int value) throws Exception {
    IntByReference reference = new IntByReference(value);
    return LIBRARY.setsockopt(socket.fd(), IPPROTO_TCP, option, reference, Integer.BYTES) == 0;
  }

  @Test
  void aSocketsOwnRetriesAndLongestTimeoutCount() throws Exception {
    try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        Socket client = new Socket(server.getInetAddress(), server.getLocalPort());
        Duplicate socket = Duplicate.find(client)) {
      assertEquals(true, set(socket, LibC.TCP_SYNCNT, 1));
      boolean hasMaximum = set(socket, LibC.TCP_RTO_MAX_MS, 5_000); // since Linux 6.15
      NetworkSettings settings = NetworkSettings.DEFAULTS.withThoseOf(socket.fd());
      assertEquals(1, settings.synRetries());
      assertEquals(hasMaximum ? 5_000 : 120_000, settings.rtoMaxMs());
      assertEquals(NetworkSettings.DEFAULTS.retries2(), settings.retries2());
    }
  }
}
