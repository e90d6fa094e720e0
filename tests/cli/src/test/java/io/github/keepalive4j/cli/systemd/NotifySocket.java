package io.github.keepalive4j.cli.systemd;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.sun.jna.Native;
import io.github.keepalive4j.support.Eventually;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** The end of a service manager, which a service tells its state. */
final class NotifySocket implements AutoCloseable {
  private static final int AF_UNIX = 1;
  private static final int SOCK_DGRAM = 2;
  private static final int MSG_DONTWAIT = 0x40;
  private static final int ADDRESS_SIZE = 110;
  private static final Duration LIMIT = Duration.ofSeconds(30);

  static {
    Native.register("c");
  }

  private final int descriptor;
  private final List<String> received = new ArrayList<>();

  NotifySocket(Path path) {
    byte[] address = new byte[ADDRESS_SIZE];
    ByteBuffer.wrap(address)
        .order(ByteOrder.nativeOrder())
        .putShort((short) AF_UNIX)
        .put(path.toString().getBytes(StandardCharsets.US_ASCII));
    descriptor = socket(AF_UNIX, SOCK_DGRAM, 0);
    assertEquals(0, bind(descriptor, address, ADDRESS_SIZE));
  }

  private static native int socket(int domain, int type, int protocol);

  private static native int bind(int descriptor, byte[] address, int length);

  private static native long recv(int descriptor, byte[] buffer, long length, int flags);

  private static native int close(int descriptor);

  /** Returns the messages so far. */
  List<String> received() {
    byte[] buffer = new byte[4096];
    for (long count = receive(buffer); count > 0; count = receive(buffer)) {
      received.add(new String(buffer, 0, (int) count, StandardCharsets.UTF_8));
    }
    return received;
  }

  private long receive(byte[] buffer) {
    return recv(descriptor, buffer, buffer.length, MSG_DONTWAIT);
  }

  /** Waits until there are so many messages that begin like that. */
  void await(String start, int number) throws Exception {
    Eventually.await(
        number + " times " + start,
        LIMIT,
        () -> received().stream().filter(message -> message.startsWith(start)).count() >= number);
  }

  @Override
  public void close() {
    close(descriptor);
  }
}
