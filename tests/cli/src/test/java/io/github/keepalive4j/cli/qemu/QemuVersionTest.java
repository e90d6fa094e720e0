package io.github.keepalive4j.cli.qemu;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.keepalive4j.cli.EventLine;
import io.github.keepalive4j.cli.Keepalive;
import io.github.keepalive4j.cli.Sources;
import io.github.keepalive4j.support.Background;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a QEMU's version says about the takeover to come. */
class QemuVersionTest {
  private static final Pattern ID = Pattern.compile("\"id\":(\"[^\"]*\")");

  @TempDir Path folder;

  @Test
  void warnsOfAQemuInWhichColoIsBroken() throws Exception {
    EventLine connected = connected("\"major\": 10, \"minor\": 1, \"micro\": 2", "colo-primary");
    assertEquals("10.1.2", connected.text("qemu"));
    assertTrue(connected.text("warning").contains("COLO is broken in QEMU 10.0 and 10.1"));
  }

  @Test
  void doesNotWarnOfAnotherVersion() throws Exception {
    EventLine connected = connected("\"major\": 7, \"minor\": 2, \"micro\": 22", "colo-secondary");
    assertEquals("7.2.22", connected.text("qemu"));
    assertTrue(connected.json().get("warning").isNull());
  }

  private EventLine connected(String version, String action) throws Exception {
    Path qmp = folder.resolve("qmp");
    try (ServerSocketChannel monitor = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      monitor.bind(UnixDomainSocketAddress.of(qmp));
      Background.start(() -> answerAll(monitor, version));
      try (Sources.Listening source = Sources.onLoopback();
          Keepalive watch =
              QemuTakeovers.watch(
                  source.address(), "--qmp", qmp.toString(), "--qmp-action", action)) {
        return watch.awaitEvent("connected");
      }
    }
  }

  /** Greets, and answers each command with an empty object until the client closes. */
  private static Void answerAll(ServerSocketChannel monitor, String version) throws IOException {
    try (SocketChannel client = monitor.accept()) {
      write(
          client,
          "{\"QMP\": {\"version\": {\"qemu\": {" + version + "}}, \"capabilities\": []}}\r\n");
      ByteBuffer bytes = ByteBuffer.allocate(4_096);
      while (client.read(bytes.clear()) >= 0) {
        Matcher id = ID.matcher(StandardCharsets.UTF_8.decode(bytes.flip()));
        while (id.find()) {
          write(client, "{\"return\": {}, \"id\": " + id.group(1) + "}\r\n");
        }
      }
    }
    return null;
  }

  private static void write(SocketChannel client, String text) throws IOException {
    client.write(ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)));
  }
}
