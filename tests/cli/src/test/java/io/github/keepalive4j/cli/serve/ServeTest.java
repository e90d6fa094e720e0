package io.github.keepalive4j.cli.serve;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.keepalive4j.cli.EventLine;
import io.github.keepalive4j.cli.Keepalive;
import io.github.keepalive4j.cli.Sources;
import java.net.InetAddress;
import java.net.Socket;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The source. */
class ServeTest {
  @Test
  void itReportsWhoConnectsAndWhoLeaves() throws Exception {
    try (Sources.Listening source = Sources.onLoopback()) {
      String backup;
      try (Socket link = new Socket(InetAddress.getLoopbackAddress(), source.port())) {
        backup = "127.0.0.1:" + link.getLocalPort();
        assertEquals(backup, source.process().awaitEvent("connected").text("peer"));
      }
      EventLine closed = source.process().awaitEvent("closed");
      assertEquals(backup, closed.text("peer"));
      assertEquals("CLOSED", closed.text("cause"));
      source.process().signal("TERM"); // SIGINT is ignored in whatever a shell starts with &
      assertEquals(128 + 15, source.process().awaitEnd());
      assertEquals("", source.process().stderr().text());
      assertEquals(List.of("listening", "connected", "closed"), source.process().eventTypes());
    }
  }

  @Test
  void aBackupThatSendsAnUnknownByteIsClosedAndReported() throws Exception {
    try (Sources.Listening source = Sources.onLoopback();
        Socket link = new Socket(InetAddress.getLoopbackAddress(), source.port())) {
      link.getOutputStream().write('?');
      assertTrue(source.process().awaitEvent("error").text("message").contains("0x3F"));
      assertEquals(-1, link.getInputStream().read());
    }
  }

  @Test
  void withoutBindItListensOnAllAddresses() throws Exception {
    try (Keepalive serve = Keepalive.run("serve", "--port", "0", "--json")) {
      String address = serve.awaitEvent("listening").text("peer");
      assertTrue(address.matches("\\[::]:\\d+|0\\.0\\.0\\.0:\\d+"), address);
      int port = Integer.parseInt(address.substring(address.lastIndexOf(':') + 1));
      try (Socket ipv4 = new Socket(InetAddress.getLoopbackAddress(), port)) {
        assertEquals(
            "127.0.0.1:" + ipv4.getLocalPort(), serve.awaitEvent("connected").text("peer"));
      }
    }
  }

  @Test
  void theTextOutputNamesAllAddresses() throws Exception {
    try (Keepalive serve = Keepalive.run("serve", "--port", "0")) {
      String line = serve.awaitError("listening");
      assertTrue(
          line.matches(
              ".*listening  (\\[::]:\\d+  all addresses, IPv6 and IPv4|0\\.0\\.0\\.0:\\d+  all IPv4 addresses)"),
          line);
    }
    try (Keepalive serve = Keepalive.run("serve", "--bind", "0.0.0.0", "--port", "0")) {
      String line = serve.awaitError("listening");
      assertTrue(line.endsWith("  all IPv4 addresses"), line);
    }
  }

  @Test
  void aPortInUseGivesOneLineAndStatusOne() throws Exception {
    try (Sources.Listening source = Sources.onLoopback();
        Keepalive second =
            Keepalive.run("serve", "--bind", "127.0.0.1", "--port", "" + source.port())) {
      assertEquals(1, second.awaitEnd(), second::output);
      assertEquals(1, second.stderr().all().size(), second::output);
      assertTrue(second.stderr().text().contains("EADDRINUSE"), second::output);
    }
  }

  @Test
  void withoutJsonItWritesText() throws Exception {
    try (Keepalive serve = Keepalive.run("serve", "--bind", "::1", "--port", "0")) {
      String line = serve.awaitError("listening");
      assertTrue(line.matches("\\d\\d:\\d\\d:\\d\\d\\.\\d{3}  listening  \\[::1]:\\d+"), line);
      assertEquals("", serve.stdout().text());
    }
  }
}
