package io.github.keepalive4j.link;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.jna.Library;
import com.sun.jna.Native;
import com.sun.jna.Structure;
import io.github.keepalive4j.FailureCause;
import io.github.keepalive4j.KeepaliveMonitor;
import io.github.keepalive4j.KeepaliveSocket;
import io.github.keepalive4j.support.FailingSource;
import io.github.keepalive4j.support.LinkPair;
import java.nio.channels.ClosedChannelException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** A caller with an io-handler list of its own, as the original has: poll(2) on the descriptor. */
class OwnHandlerListTest {
  private static final short POLLIN = 1;
  private static final int READY_MS = 10_000;

  /** {@code struct pollfd}. */
  @Structure.FieldOrder({"fd", "events", "revents"})
  public static final class PollFd extends Structure {
    public int fd;
    public short events;
    public short revents;
  }

  /** The C library's own. */
  private interface C extends Library {
    C INSTANCE = Native.load("c", C.class);

    int poll(PollFd entry, long count, int timeoutMs);
  }

  private static boolean isReady(KeepaliveSocket link, int timeoutMs) throws Exception {
    PollFd entry = new PollFd();
    entry.fd = link.fd();
    entry.events = POLLIN;
    return C.INSTANCE.poll(entry, 1, timeoutMs) == 1;
  }

  @Test
  void theDescriptorIsASocketOfThisProcess() throws Exception {
    try (FailingSource source = new FailingSource();
        LinkPair pair = source.connect()) {
      Path entry = Path.of("/proc/self/fd", Integer.toString(pair.link().fd()));
      assertTrue(Files.readSymbolicLink(entry).toString().startsWith("socket:"));
    }
  }

  @Test
  void anObservedLinkKeepsItsDescriptorToItself() throws Exception {
    try (FailingSource source = new FailingSource();
        KeepaliveMonitor monitor = KeepaliveMonitor.open();
        LinkPair pair = source.connect()) {
      monitor.watch(pair.link(), failover -> {});
      assertThrows(IllegalStateException.class, () -> pair.link().fd());
      assertTrue(monitor.unwatch(pair.link()));
      assertTrue(pair.link().fd() > 0);
      pair.link().close();
      assertThrows(ClosedChannelException.class, () -> pair.link().fd());
    }
  }

  @Test
  void aHealthyLinkIsNeverReady() throws Exception {
    try (FailingSource source = new FailingSource();
        LinkPair pair = source.connect()) {
      assertEquals(false, isReady(pair.link(), 100));
    }
  }

  @Test
  void aFailureMakesItReadyAndIsReportedOnce() throws Exception {
    try (FailingSource source = new FailingSource();
        LinkPair pair = source.connect()) {
      pair.reset();
      assertTrue(isReady(pair.link(), READY_MS));
      assertEquals(FailureCause.RESET, pair.link().classify().orElseThrow().cause());
    }
  }

  @Test
  void aFarewellMakesItReadyToo() throws Exception {
    try (FailingSource source = new FailingSource();
        LinkPair pair = source.connect()) {
      pair.send('G');
      assertTrue(isReady(pair.link(), READY_MS));
      assertEquals(FailureCause.LEFT, pair.link().classify().orElseThrow().cause());
    }
  }
}
