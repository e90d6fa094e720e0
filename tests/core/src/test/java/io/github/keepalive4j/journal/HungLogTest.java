package io.github.keepalive4j.journal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.keepalive4j.Failover;
import io.github.keepalive4j.Journal;
import io.github.keepalive4j.KeepaliveMonitor;
import io.github.keepalive4j.KeepaliveSocket;
import io.github.keepalive4j.guard.LosableClaim;
import io.github.keepalive4j.support.Background;
import io.github.keepalive4j.support.Eventually;
import io.github.keepalive4j.support.FailingSource;
import io.github.keepalive4j.support.FreezableDisk;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.logging.FileHandler;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A log on a disk that hangs, on which the journal is, too. */
@Timeout(60)
class HungLogTest {
  private static final Logger LOGGER =
      Logger.getLogger(KeepaliveMonitor.class.getPackageName()); // held: it has a handler

  private final BlockingQueue<Failover> failovers = new LinkedBlockingQueue<>();
  private FreezableDisk disk;
  private Path log;
  private FileHandler handler;

  @BeforeEach
  void open() throws Exception {
    disk = FreezableDisk.open();
    log = disk.resolve("log");
    handler = new FileHandler(log.toString());
    LOGGER.addHandler(handler);
  }

  @AfterEach
  void close() throws Exception {
    LOGGER.removeHandler(handler);
    handler.close();
    disk.close();
  }

  @Test
  void aFailoverDoesNotWaitForItsWarning() throws Exception {
    try (FailingSource source = new FailingSource();
        Journal journal = Journal.open(disk.resolve("journal"));
        KeepaliveMonitor monitor = KeepaliveMonitor.builder().journal(journal).open()) {
      assertTakenOver(monitor, source.connectLink(), source);
      disk.thaw();
    }
    Eventually.await(
        "the warning", () -> Files.readString(log).contains("the journal's disk is slow"));
  }

  private void assertTakenOver(KeepaliveMonitor monitor, KeepaliveSocket link, FailingSource source)
      throws Exception {
    monitor.watch(link, failovers::add);
    disk.freeze();
    try {
      source.failOne();
      assertNotNull(failovers.poll(10, TimeUnit.SECONDS));
    } catch (Throwable e) {
      disk.thaw();
      throw e;
    }
  }

  @Test
  void aFailoverDoesNotWaitForTheWarningThatItsExecutorRefuses() throws Exception {
    try (FailingSource source = new FailingSource();
        KeepaliveMonitor monitor =
            KeepaliveMonitor.builder()
                .executor(
                    task -> {
                      throw new RejectedExecutionException("full");
                    })
                .open()) {
      assertTakenOver(monitor, source.connectLink(), source);
      disk.thaw();
    }
  }

  @Test
  void aHolderHearsOfItsLossThoughTheErrorBeforeCannotBeLogged() throws Exception {
    LosableClaim claim = new LosableClaim(1);
    BlockingQueue<String> told = new LinkedBlockingQueue<>();
    claim.addLossListener(
        loss -> {
          throw new IllegalStateException("boom");
        });
    claim.addLossListener(loss -> told.add(loss.reason()));
    disk.freeze();
    try {
      Background<Boolean> loss = Background.start(() -> lose(claim));
      assertEquals("outbid", told.poll(10, TimeUnit.SECONDS));
      assertTrue(claim.awaitReleased());
      loss.get();
    } finally {
      disk.thaw();
    }
  }

  private static boolean lose(LosableClaim claim) {
    claim.lose("outbid");
    return true;
  }
}
