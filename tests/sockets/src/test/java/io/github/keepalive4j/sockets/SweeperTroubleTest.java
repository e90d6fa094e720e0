package io.github.keepalive4j.sockets;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.keepalive4j.KeepaliveSocket;
import io.github.keepalive4j.internal.sockets.Duplicate;
import io.github.keepalive4j.internal.sockets.Looks;
import io.github.keepalive4j.internal.sockets.SocketTable;
import io.github.keepalive4j.internal.sockets.Sockets;
import io.github.keepalive4j.sockets.internal.Exempt;
import io.github.keepalive4j.sockets.internal.Sweeper;
import io.github.keepalive4j.support.Background;
import io.github.keepalive4j.support.Eventually;
import io.github.keepalive4j.support.LogRecords;
import io.github.keepalive4j.support.Waiting;
import java.io.IOException;
import java.net.Socket;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a sweeper bears. */
@Timeout(60)
class SweeperTroubleTest {
  private static SocketSweeper sweep(LoopbackPair pair, SweepListener listener) throws Exception {
    return SocketSweeper.builder()
        .rules(SocketRules.parse("within=30s," + pair.to()))
        .listener(listener)
        .open();
  }

  private static void overwrite(SocketSweeper sweeper, Socket socket) throws Exception {
    Eventually.await("its options", socket::getKeepAlive);
    long before = sweeper.setAgain();
    socket.setKeepAlive(false);
    Eventually.await("set again", () -> sweeper.setAgain() > before && socket.getKeepAlive());
  }

  @Test
  void aListenerThatThrowsCostsNothingButALine() throws Exception {
    SweepListener throwing =
        new SweepListener() {
          @Override
          public void onGoverned(SocketUpdate event) {
            throw new AssertionError("thrown by a listener");
          }
        };
    try (LogRecords log = LogRecords.of(KeepaliveSocket.class);
        LoopbackPair pair = LoopbackPair.open();
        SocketSweeper sweeper = sweep(pair, throwing)) {
      overwrite(sweeper, pair.client);
      assertEquals(List.of("a listener of the socket sweeper failed"), log.warnings());
      assertEquals(0, sweeper.failedSweeps());
    }
  }

  @Test
  void aListenerThatBlocksHoldsUpNoSocketAndNotTheEnd() throws Exception {
    CountDownLatch begun = new CountDownLatch(1);
    CountDownLatch release = new CountDownLatch(1);
    AtomicInteger calls = new AtomicInteger();
    SweepListener blocking =
        new SweepListener() {
          @Override
          public void onGoverned(SocketUpdate event) {
            begun.countDown();
            Waiting.awaitThoughInterrupted(release);
          }

          @Override
          public void onSetAgain(SocketUpdate event) {
            calls.incrementAndGet();
          }
        };
    try (LoopbackPair pair = LoopbackPair.open()) {
      SocketSweeper sweeper = sweep(pair, blocking);
      begun.await();
      overwrite(sweeper, pair.client);
      sweeper.close();
      release.countDown();
      Eventually.assertNever("a call after the end", () -> calls.get() > 0);
    }
  }

  /** A log on a slow disk takes its time before a listener's call. */
  @Test
  void noCallBeginsAfterTheEndAlsoIfTheLogIsSlow() throws Exception {
    CountDownLatch begun = new CountDownLatch(1);
    CountDownLatch release = new CountDownLatch(1);
    Heard heard = new Heard();
    try (SlowLog log = new SlowLog(begun, release);
        LoopbackPair pair = LoopbackPair.open()) {
      log.attach();
      SocketSweeper sweeper = sweep(pair, heard);
      begun.await();
      sweeper.close();
      release.countDown();
      Eventually.assertNever("a call after the end", () -> !heard.of(pair.port()).isEmpty());
    }
  }

  private static final class SlowLog extends Handler implements AutoCloseable {
    private final Logger logger = Logger.getLogger("io.github.keepalive4j");
    private final CountDownLatch begun;
    private final CountDownLatch release;

    SlowLog(CountDownLatch begun, CountDownLatch release) {
      this.begun = begun;
      this.release = release;
    }

    void attach() {
      logger.setLevel(Level.FINE);
      logger.addHandler(this);
    }

    @Override
    public void publish(LogRecord entry) {
      begun.countDown();
      Waiting.awaitThoughInterrupted(release);
    }

    @Override
    public void flush() {}

    @Override
    public void close() {
      logger.removeHandler(this);
      logger.setLevel(null);
    }
  }

  /** As without a descriptor: each error names another one. */
  @Test
  void aSocketThatFailsKeepsNoOtherFromItsRuleAndIsLoggedOnce() throws Exception {
    try (LogRecords log = LogRecords.of(KeepaliveSocket.class);
        LoopbackPair first = LoopbackPair.open();
        LoopbackPair second = LoopbackPair.open();
        FailingTable table = new FailingTable()) {
      Heard heard = new Heard();
      table.failsFor = first.port();
      String rules = "within=30s," + first.to() + "," + second.to();
      try (Sweeper sweeper =
          Sweeper.open(
              table, SocketRules.parse(rules), heard, Duration.ofMillis(20), Exempt.NONE)) {
        heard.await("governed", second.port());
        Eventually.await("failures", () -> sweeper.failedSweeps() >= 5);
        Eventually.await("a line", () -> !log.warnings().isEmpty());
        assertEquals(1, log.warnings().size());
        table.failsFor = 0;
        heard.await("governed", first.port());
      }
    }
  }

  /** As after another socket, marked too, was moved to its number. */
  @Test
  void aSocketThatWasTakenForAnotherIsFoundAtTheNextLook() throws Exception {
    try (LoopbackPair pair = LoopbackPair.open();
        FailingTable table = new FailingTable()) {
      Heard heard = new Heard();
      table.wrongMarks = 1;
      SocketRules rules = SocketRules.parse("within=30s," + pair.to());
      try (Sweeper sweeper =
          Sweeper.open(table, rules, heard, Duration.ofMillis(20), Exempt.NONE)) {
        Eventually.await(
            "governed again", () -> heard.of(pair.port()).equals(List.of("governed", "governed")));
        Eventually.assertNever("another one", () -> heard.of(pair.port()).size() > 2);
        assertEquals(1, sweeper.governed(rules.rules().get(0)));
        assertEquals(0, sweeper.failedSweeps());
      }
    }
  }

  @Test
  void aListenerMayCloseTheSweeper() throws Exception {
    CountDownLatch closed = new CountDownLatch(1);
    SocketSweeper[] sweeper = new SocketSweeper[1];
    CountDownLatch opened = new CountDownLatch(1);
    SweepListener closing =
        new SweepListener() {
          @Override
          public void onGoverned(SocketUpdate event) {
            Waiting.awaitThoughInterrupted(opened);
            sweeper[0].close();
            closed.countDown();
          }
        };
    try (LoopbackPair pair = LoopbackPair.open()) {
      sweeper[0] = sweep(pair, closing);
      opened.countDown();
      closed.await();
      long sweeps = sweeper[0].sweeps();
      Eventually.assertNever("another sweep", () -> sweeper[0].sweeps() > sweeps);
    }
  }

  @Test
  void anInterruptOfTheCloserIsKept() throws Exception {
    try (LoopbackPair pair = LoopbackPair.open()) {
      SocketSweeper sweeper = sweep(pair, new SweepListener() {});
      Background<Boolean> closer =
          Background.start(
              () -> {
                Thread.currentThread().interrupt();
                sweeper.close();
                return Thread.interrupted();
              });
      assertTrue(closer.get());
      assertTrue(sweeper.sweeps() <= 1, "waited for the next sweep");
    }
  }

  @Test
  void anInterruptOfItsThreadDoesNotMakeItSpin() throws Exception {
    try (LoopbackPair pair = LoopbackPair.open();
        SocketSweeper sweeper = sweep(pair, new SweepListener() {})) {
      Eventually.await("a sweep", () -> sweeper.sweeps() > 0);
      Sweepers.threads().forEach(Thread::interrupt);
      overwrite(sweeper, pair.client);
      long before = sweeper.sweeps();
      Eventually.assertNever("a thread that spins", () -> sweeper.sweeps() > before + 3);
    }
  }

  @Test
  void aSweepThatFailsIsCountedLoggedOnceAndRetried() throws Exception {
    try (LogRecords log = LogRecords.of(KeepaliveSocket.class);
        LoopbackPair pair = LoopbackPair.open();
        FailingTable table = new FailingTable()) {
      Heard heard = new Heard();
      table.failure = new IOException("no descriptor is left");
      try (Sweeper sweeper =
          Sweeper.open(
              table,
              SocketRules.parse("within=30s," + pair.to()),
              heard,
              Duration.ofMillis(20),
              Exempt.NONE)) {
        Eventually.await("failures", () -> sweeper.failedSweeps() >= 5);
        Eventually.await("a line", () -> !log.warnings().isEmpty());
        table.failure = null;
        heard.await("governed", pair.port());
        long failed = sweeper.failedSweeps();
        Eventually.await("the end of a sweep that went well", () -> sweeper.sweeps() > failed);
        assertEquals(failed, sweeper.failedSweeps());
        assertEquals(
            List.of("a sweep of the sockets failed; the next one follows"), log.warnings());
        table.failure = new IOException("no descriptor is left");
        Eventually.await("another line", () -> log.warnings().size() == 2);
      }
      assertTrue(table.isClosed);
    }
  }

  /** The sockets of this process, unless it is told to fail. */
  private static final class FailingTable implements SocketTable {
    private final SocketTable table = SocketTable.ofThisProcess();
    private volatile IOException failure; // null for none
    private volatile int failsFor; // its port, or 0
    private int failures;
    private int wrongMarks; // how many marks are noted with an identity that no socket has
    private volatile boolean isClosed;

    @Override
    public Sockets scan() throws IOException {
      IOException now = failure;
      if (now != null) {
        throw now;
      }
      return table.scan();
    }

    @Override
    public Optional<Duplicate> duplicate(int fd, long identity) throws IOException {
      Optional<Duplicate> found = table.duplicate(fd, identity);
      if (found.isPresent() && failsFor != 0 && found.get().remote().getPort() == failsFor) {
        found.get().close();
        throw new IOException("no descriptor is left for " + fd + ", trial " + ++failures);
      }
      return found;
    }

    @Override
    public void mark(Duplicate duplicate, int fd, long identity) throws IOException {
      table.mark(duplicate, fd, wrongMarks-- > 0 ? -1 : identity);
    }

    @Override
    public void unmark(int fd) {
      table.unmark(fd);
    }

    @Override
    public void look(Looks looks) throws IOException {
      table.look(looks);
    }

    @Override
    public void close() {
      table.close();
      isClosed = true;
    }
  }
}
