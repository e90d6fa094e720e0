package io.github.keepalive4j.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.keepalive4j.KeepaliveMonitor;
import io.github.keepalive4j.KeepaliveOptions;
import io.github.keepalive4j.KeepaliveServer;
import io.github.keepalive4j.KeepaliveSocket;
import io.github.keepalive4j.support.Eventually;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** No process that this one starts, whoever starts it, inherits a descriptor of a link. */
class CloseOnExecTest {
  private static final InetSocketAddress ANY =
      new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);

  /** {@code O_CLOEXEC} of the kernel's fcntl.h on x86-64. */
  private static final int CLOSE_ON_EXEC = 02000000;

  @Test
  void everyDescriptorIsClosedOnExec() throws Exception {
    KeepaliveMonitor.open().close(); // what loads only once
    Set<Path> before = descriptors();
    try (KeepaliveServer server = KeepaliveServer.open(ANY);
        KeepaliveMonitor monitor = KeepaliveMonitor.open();
        KeepaliveSocket quiet =
            KeepaliveSocket.connect(server.localAddress(), KeepaliveOptions.defaults());
        KeepaliveSocket fast =
            KeepaliveSocket.connect(
                server.localAddress(), KeepaliveOptions.detectWithin(Duration.ofSeconds(1)))) {
      monitor.watch(quiet, failure -> {});
      monitor.watch(fast, failure -> {});
      Eventually.await("both are accepted", () -> server.connections() == 2);
      Set<Path> ours = descriptors();
      ours.removeAll(before);
      assertTrue(ours.size() >= 9, ours::toString); // 2 x (epoll, eventfd), a listener, 2 x 2 ends
      for (Path descriptor : ours) {
        assertEquals(
            CLOSE_ON_EXEC, flags(descriptor) & CLOSE_ON_EXEC, () -> descriptor + " is inherited");
      }
    }
  }

  private static Set<Path> descriptors() throws IOException {
    Set<Path> ours = new TreeSet<>();
    try (Stream<Path> all = Files.list(Path.of("/proc/self/fd"))) {
      for (Path descriptor : all.toList()) {
        if (isOurs(descriptor)) {
          ours.add(descriptor);
        }
      }
    }
    return ours;
  }

  private static boolean isOurs(Path descriptor) throws IOException {
    try {
      String target = Files.readSymbolicLink(descriptor).toString();
      return target.startsWith("socket:") || target.startsWith("anon_inode:");
    } catch (NoSuchFileException e) {
      return false; // the listing's own
    }
  }

  private static int flags(Path descriptor) throws IOException {
    List<String> info =
        Files.readAllLines(Path.of("/proc/self/fdinfo", descriptor.getFileName().toString()));
    String flags =
        info.stream().filter(line -> line.startsWith("flags:")).findFirst().orElseThrow();
    return Integer.parseInt(flags.substring("flags:".length()).strip(), 8);
  }
}
