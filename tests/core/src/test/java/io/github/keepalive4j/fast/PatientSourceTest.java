package io.github.keepalive4j.fast;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.keepalive4j.FailureCause;
import io.github.keepalive4j.KeepaliveOptions;
import io.github.keepalive4j.KeepaliveServer;
import io.github.keepalive4j.Liveness;
import io.github.keepalive4j.support.Eventually;
import io.github.keepalive4j.support.InLab;
import io.github.keepalive4j.testkit.Fault;
import io.github.keepalive4j.testkit.ManagedProcess;
import java.net.Socket;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/**
 * The source waits for a backup that is cut off or paused. The sleeps are how long that lasts: more
 * than the 6 s after which the defaults of a backup give a link up.
 */
@InLab
class PatientSourceTest {
  private static final Duration CUT = Duration.ofSeconds(9);
  private static final KeepaliveOptions BY_KEEPALIVE =
      KeepaliveOptions.builder()
          .idle(Duration.ofSeconds(3))
          .interval(Duration.ofSeconds(3))
          .count(12)
          .build();

  static final List<KeepaliveOptions> forty_seconds =
      List.of(
          BY_KEEPALIVE,
          KeepaliveOptions.builder().probe(Duration.ofSeconds(1), Duration.ofSeconds(40)).build(),
          KeepaliveOptions.detectWithin(Duration.ofSeconds(40), Liveness.PROCESS));

  private static void cut(Testbed lab) throws Exception {
    try (Fault cut = lab.backup().drop()) {
      assertTrue(cut.effectiveNs() > 0);
      TimeUnit.NANOSECONDS.sleep(CUT.toNanos());
    }
  }

  @ParameterizedTest
  @FieldSource("forty_seconds")
  void aBackupThatWasCutOffForLessThanItsBudgetKeepsItsLink(KeepaliveOptions options)
      throws Exception {
    try (Testbed lab = Testbed.open()) {
      WatchedLink link = lab.watch(options);
      Eventually.await("connected", () -> lab.server().connections() == 1);
      cut(lab);
      Eventually.await(
          "the source is heard again",
          Testbed.LIMIT,
          () ->
              link.failover().isDone()
                  || link.socket().tcpInfo().sinceAckReceived().compareTo(CUT) < 0);
      link.assertNoFailover();
      assertEquals(1, lab.server().connections());
    }
  }

  /** The kernel sends no keepalive then: the user timeout has to be as patient. */
  @Test
  void anAnswerThatIsOnItsWayArrivesAfterTheCut() throws Exception {
    try (Testbed lab = Testbed.open();
        Socket backup = lab.backup().call(() -> new Socket(lab.source().ipv4(), Testbed.PORT))) {
      try (Fault cut = lab.backup().dropIncoming()) {
        backup.getOutputStream().write('Q');
        TimeUnit.NANOSECONDS.sleep(CUT.toNanos());
        assertTrue(cut.effectiveNs() > 0);
      }
      backup.setSoTimeout((int) Testbed.LIMIT.toMillis());
      assertEquals('A', backup.getInputStream().read());
      assertEquals(1, lab.server().connections());
    }
  }

  @Test
  void aBackupThatWasStoppedKeepsItsLink() throws Exception {
    try (Testbed lab = Testbed.open()) {
      ManagedProcess backup = Programs.backup(lab.lab(), List.of(100));
      try (Fault stopped = backup.stop()) {
        assertTrue(stopped.effectiveNs() > 0);
        TimeUnit.NANOSECONDS.sleep(CUT.toNanos());
      }
      assertEquals(1, lab.server().connections());
      try (Fault cut = lab.backup().drop()) {
        String failed = Programs.awaitLine(backup, BackupProgram.FAILED, 100);
        long callbackNs = Long.parseLong(failed.replaceFirst("\\S+ \\S+ (\\d+) .*", "$1"));
        assertTrue(callbackNs > cut.startedNs(), failed);
      }
    }
  }

  /** The source can't know its backups' budgets: it has to be told to be more patient. */
  @Test
  void aBackupThatIsSilentForLongerThanTheSourceWaitsMeetsAReset() throws Exception {
    KeepaliveServer.Builder impatient = KeepaliveServer.builder().shedAfter(Duration.ofSeconds(3));
    try (Testbed lab = Testbed.open(impatient)) {
      WatchedLink link = lab.watch(BY_KEEPALIVE);
      cut(lab);
      assertEquals(0, lab.server().connections());
      assertEquals(FailureCause.RESET, link.awaitFailure().cause());
    }
  }
}
