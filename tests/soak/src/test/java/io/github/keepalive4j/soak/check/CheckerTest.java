package io.github.keepalive4j.soak.check;

import static io.github.keepalive4j.FailureCause.ABORTED;
import static io.github.keepalive4j.FailureCause.CLOSED;
import static io.github.keepalive4j.FailureCause.HUNG;
import static io.github.keepalive4j.FailureCause.RESET;
import static io.github.keepalive4j.FailureCause.TIMED_OUT;
import static io.github.keepalive4j.FailureCause.UNREACHABLE;
import static io.github.keepalive4j.soak.fault.FaultKind.BACKUP_KILL_SOCKETS;
import static io.github.keepalive4j.soak.fault.FaultKind.BACKUP_REJECT;
import static io.github.keepalive4j.soak.fault.FaultKind.DROP;
import static io.github.keepalive4j.soak.fault.FaultKind.SOURCE_KILL;
import static io.github.keepalive4j.soak.fault.FaultKind.SOURCE_KILL_SOCKETS;
import static io.github.keepalive4j.soak.fault.FaultKind.SOURCE_REJECT;
import static io.github.keepalive4j.soak.fault.FaultKind.SOURCE_STOP;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.keepalive4j.soak.check.Breach.Rule;
import io.github.keepalive4j.soak.fault.Family;
import io.github.keepalive4j.soak.fault.Mechanism;
import io.github.keepalive4j.soak.load.LinkKind;
import io.github.keepalive4j.soak.load.LoadEvent;
import io.github.keepalive4j.soak.program.BackupEvent;
import java.util.List;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** The checker finds each breach in a made-up history, and none in a right one. */
class CheckerTest {
  private static final LinkKind KEEPALIVE = new LinkKind(Mechanism.KEEPALIVE, Family.IPV4, 0);
  private static final LinkKind FAST = new LinkKind(Mechanism.FAST, Family.IPV6, 0);
  private static final LinkKind PROCESS = new LinkKind(Mechanism.PROCESS, Family.IPV4, 0);

  private static void assertRight(MadeUpHistory history) {
    assertEquals(List.of(), history.breaches());
  }

  private static void assertBreach(Rule rule, MadeUpHistory history) {
    assertEquals(List.of(rule), history.breaches());
  }

  @Nested
  class Lost {
    @Test
    void aSilenceIsNotReported() {
      for (LinkKind kind : List.of(KEEPALIVE, FAST, PROCESS)) {
        assertBreach(
            Rule.LOST, MadeUpHistory.of(kind).lasting(DROP, 0, 5_000, 14_000).closed(60_000));
      }
    }

    @Test
    void aSilenceOfAllSourcesIsNotReported() {
      assertBreach(
          Rule.LOST,
          MadeUpHistory.of(FAST)
              .lasting(BACKUP_REJECT, FaultInterval.ALL, 5_000, 14_000)
              .closed(60_000));
    }

    @Test
    void anEndIsNotReported() {
      assertBreach(
          Rule.LOST, MadeUpHistory.of(KEEPALIVE).end(SOURCE_KILL, 0, 5_000).closed(60_000));
      assertBreach(
          Rule.LOST, MadeUpHistory.of(FAST).end(SOURCE_KILL_SOCKETS, 0, 5_000).closed(60_000));
      assertBreach(
          Rule.LOST, MadeUpHistory.of(FAST).end(InjectedFault.STAND_DOWN, 0, 5_000).closed(60_000));
    }

    @Test
    void anEndOfALinkThatIsNeverClosedIsNotReported() {
      assertBreach(Rule.LOST, MadeUpHistory.of(FAST).end(BACKUP_KILL_SOCKETS, 0, 5_000));
    }

    @Test
    void anEndThatACutHidesIsNotReported() {
      assertBreach(
          Rule.LOST,
          MadeUpHistory.of(KEEPALIVE)
              .lasting(DROP, 0, 5_000, 5_500)
              .end(SOURCE_KILL, 0, 5_200)
              .closed(60_000));
    }

    @Test
    void aDeadConnectionIsNotReportedWithinThreeSeconds() {
      MadeUpHistory dead = MadeUpHistory.of(KEEPALIVE).event(LoadEvent.DEAD, "CLOSE", 5_000);
      assertBreach(Rule.LOST, dead.closed(8_100));
      assertRight(MadeUpHistory.of(KEEPALIVE).event(LoadEvent.DEAD, "CLOSE", 5_000).closed(7_900));
    }

    @Test
    void aHangIsNotReported() {
      assertBreach(
          Rule.LOST,
          MadeUpHistory.of(PROCESS).lasting(SOURCE_STOP, 0, 5_000, 14_000).closed(60_000));
    }

    @Test
    void aHangEndsWhenItsProcessIsKilled() {
      assertRight(
          MadeUpHistory.of(PROCESS)
              .lasting(SOURCE_STOP, 0, -6_000, 5_000)
              .end(SOURCE_KILL, 0, -2_000)
              .closed(60_000));
    }

    @Test
    void aLinkReleasedBeforeTheDeadlineNeedNotFail() {
      assertRight(MadeUpHistory.of(FAST).end(SOURCE_KILL, 0, 5_000).closed(5_004));
      assertRight(
          MadeUpHistory.of(FAST).end(SOURCE_KILL, 0, 5_000).unwatched(true, 5_004).closed(9_000));
    }

    @Test
    void aLinkThatTheFaultDoesNotEndNeedNotFail() {
      assertRight(MadeUpHistory.of(FAST).end(SOURCE_KILL, 1, 5_000).closed(60_000));
      assertRight(MadeUpHistory.of(FAST).lasting(DROP, 0, 5_000, 5_080).closed(60_000));
      assertRight(MadeUpHistory.of(KEEPALIVE).lasting(DROP, 0, 5_000, 6_500).closed(60_000));
      assertRight(MadeUpHistory.of(FAST).lasting(SOURCE_STOP, 0, 5_000, 14_000).closed(60_000));
    }
  }

  @Nested
  class Late {
    @Test
    void theVerdictComesLate() {
      assertBreach(
          Rule.LATE,
          MadeUpHistory.of(KEEPALIVE)
              .lasting(DROP, 0, 5_000, 16_000)
              .failover(TIMED_OUT, 5_000 + 4_500 + 3_100));
    }

    @Test
    void theCallbackComesLate() {
      assertBreach(
          Rule.LATE,
          MadeUpHistory.of(FAST).end(SOURCE_KILL, 0, 5_000).failover(CLOSED, 5_001, 9_000));
    }

    @Test
    void aStallOfTheBackupExtendsTheDeadline() {
      assertRight(
          MadeUpHistory.of(FAST)
              .end(SOURCE_KILL, 0, 5_000)
              .stalled(5_000, 9_000)
              .failover(CLOSED, 9_001, 9_002));
    }
  }

  @Nested
  class Doubled {
    @Test
    void aFailoverIsReportedTwice() {
      assertBreach(
          Rule.DOUBLED,
          MadeUpHistory.of(FAST)
              .end(SOURCE_KILL, 0, 5_000)
              .failover(CLOSED, 5_002)
              .event(BackupEvent.FAILOVER, CLOSED.name(), 5_003));
    }

    @Test
    void aFailureIsReportedTwice() {
      assertBreach(
          Rule.DOUBLED,
          MadeUpHistory.of(FAST)
              .end(SOURCE_KILL, 0, 5_000)
              .failover(CLOSED, 5_002)
              .event(BackupEvent.FAILED, 5_003));
    }

    @Test
    void aFailoverIsReportedAfterTheSourceLeft() {
      assertBreach(
          Rule.DOUBLED,
          MadeUpHistory.of(FAST)
              .end(InjectedFault.STAND_DOWN, 0, 5_000)
              .end(SOURCE_KILL, 0, 5_010)
              .event(BackupEvent.LEFT, 5_002)
              .failover(CLOSED, 5_012));
    }
  }

  @Nested
  class False {
    @Test
    void aLinkFailsWithoutAFault() {
      for (LinkKind kind : List.of(KEEPALIVE, FAST, PROCESS)) {
        assertBreach(Rule.FALSE, MadeUpHistory.of(kind).failover(TIMED_OUT, 5_000));
        assertBreach(Rule.FALSE, MadeUpHistory.of(kind).failover(RESET, 5_000));
      }
    }

    @Test
    void aLinkFailsByAFaultOfAnotherSource() {
      assertBreach(
          Rule.FALSE,
          MadeUpHistory.of(FAST).lasting(DROP, 1, 5_000, 14_000).failover(TIMED_OUT, 5_400));
      assertBreach(
          Rule.FALSE, MadeUpHistory.of(FAST).end(SOURCE_KILL, 1, 5_000).failover(CLOSED, 5_001));
    }

    @Test
    void aLinkFailsByASilenceThatItTolerates() {
      assertBreach(
          Rule.FALSE,
          MadeUpHistory.of(FAST).lasting(DROP, 0, 5_000, 5_080).failover(TIMED_OUT, 5_070));
      assertBreach(
          Rule.FALSE,
          MadeUpHistory.of(KEEPALIVE).lasting(DROP, 0, 5_000, 6_500).failover(TIMED_OUT, 6_400));
      assertBreach(
          Rule.FALSE,
          MadeUpHistory.of(PROCESS).lasting(SOURCE_STOP, 0, 5_000, 5_100).failover(HUNG, 5_090));
    }

    @Test
    void aLinkFailsBeforeTheFault() {
      assertBreach(
          Rule.FALSE, MadeUpHistory.of(FAST).failover(CLOSED, 4_990).end(SOURCE_KILL, 0, 5_000));
    }

    @Test
    void aLinkFailsLongAfterTheFault() {
      assertBreach(
          Rule.FALSE,
          MadeUpHistory.of(FAST).lasting(DROP, 0, 5_000, 5_450).failover(TIMED_OUT, 8_000));
    }

    @Test
    void aLinkWithoutQueriesFailsByAHang() {
      assertBreach(
          Rule.FALSE,
          MadeUpHistory.of(FAST).lasting(SOURCE_STOP, 0, 5_000, 14_000).failover(TIMED_OUT, 6_000));
    }

    @Test
    void aLinkFailsWhenItsSourceStandsDown() {
      assertBreach(
          Rule.FALSE,
          MadeUpHistory.of(FAST).end(InjectedFault.STAND_DOWN, 0, 5_000).failover(CLOSED, 5_003));
    }
  }

  @Nested
  class WrongCause {
    @Test
    void aSilenceIsReportedWithAnotherCause() {
      assertBreach(
          Rule.WRONG_CAUSE,
          MadeUpHistory.of(KEEPALIVE).lasting(DROP, 0, 5_000, 14_000).failover(RESET, 9_000));
      assertBreach(
          Rule.WRONG_CAUSE,
          MadeUpHistory.of(FAST).lasting(DROP, 0, 5_000, 14_000).failover(UNREACHABLE, 5_400));
    }

    @Test
    void anEndIsReportedWithAnotherCause() {
      assertBreach(
          Rule.WRONG_CAUSE,
          MadeUpHistory.of(KEEPALIVE).end(SOURCE_KILL, 0, 5_000).failover(RESET, 5_001));
      assertBreach(
          Rule.WRONG_CAUSE,
          MadeUpHistory.of(FAST).end(BACKUP_KILL_SOCKETS, 0, 5_000).failover(RESET, 5_001));
    }
  }

  @Nested
  class AfterRelease {
    @Test
    void aClosedLinkFailsOver() {
      assertBreach(
          Rule.AFTER_RELEASE,
          MadeUpHistory.of(FAST)
              .end(SOURCE_KILL, 0, 5_000)
              .closed(5_002)
              .failover(CLOSED, 5_001, 5_010));
    }

    @Test
    void anUnwatchedLinkFailsOver() {
      assertBreach(
          Rule.AFTER_RELEASE,
          MadeUpHistory.of(FAST)
              .end(SOURCE_KILL, 0, 5_000)
              .unwatched(true, 5_002)
              .failover(CLOSED, 5_001, 5_001));
    }

    @Test
    void aFailoverBeforeTheReleaseIsRight() {
      assertRight(
          MadeUpHistory.of(FAST).end(SOURCE_KILL, 0, 5_000).failover(CLOSED, 5_001).closed(5_001));
      assertRight(
          MadeUpHistory.of(FAST)
              .end(SOURCE_KILL, 0, 5_000)
              .failover(CLOSED, 5_001)
              .unwatched(false, 5_001)
              .closed(5_500));
    }
  }

  @Nested
  class Unsent {
    @Test
    void aLeftIsReportedThoughNoSourceStoodDown() {
      assertBreach(Rule.UNSENT, MadeUpHistory.of(FAST).event(BackupEvent.LEFT, 5_000));
    }

    @Test
    void aLeftIsReportedOnALinkWithoutProbes() {
      assertBreach(
          Rule.UNSENT,
          MadeUpHistory.of(KEEPALIVE)
              .end(InjectedFault.STAND_DOWN, 0, 5_000)
              .event(BackupEvent.LEFT, 5_001));
    }

    @Test
    void aByteIsReportedThatNoSourceSends() {
      assertBreach(
          Rule.UNSENT,
          MadeUpHistory.of(FAST).event(BackupEvent.VIOLATION, "7", 5_000).closed(5_001));
    }
  }

  @Nested
  class Thrown {
    @Test
    void anExceptionIsThrown() {
      assertBreach(
          Rule.ERROR,
          MadeUpHistory.of(FAST).event(LoadEvent.ERROR, "IOException", 5_000).closed(6_000));
    }
  }

  @Nested
  class Right {
    @Test
    void aLinkWithoutFaultsIsClosed() {
      assertRight(MadeUpHistory.of(KEEPALIVE).closed(60_000));
    }

    @Test
    void aSilentLinkFails() {
      assertRight(
          MadeUpHistory.of(KEEPALIVE).lasting(DROP, 0, 5_000, 14_000).failover(TIMED_OUT, 9_200));
      assertRight(
          MadeUpHistory.of(FAST)
              .lasting(SOURCE_REJECT, 0, 5_000, 14_000)
              .failover(UNREACHABLE, 5_480));
      assertRight(
          MadeUpHistory.of(PROCESS).lasting(SOURCE_STOP, 0, 5_000, 14_000).failover(HUNG, 5_900));
    }

    @Test
    void aLinkFailsAtItsEnd() {
      assertRight(MadeUpHistory.of(FAST).end(SOURCE_KILL, 0, 5_000).failover(CLOSED, 5_002));
      assertRight(
          MadeUpHistory.of(FAST).end(BACKUP_KILL_SOCKETS, 0, 5_000).failover(ABORTED, 5_002));
      assertRight(
          MadeUpHistory.of(KEEPALIVE)
              .end(InjectedFault.STAND_DOWN, 0, 5_000)
              .failover(CLOSED, 5_002));
    }

    @Test
    void aSourceThatStandsDownIsReportedAsLeft() {
      assertRight(
          MadeUpHistory.of(FAST)
              .end(InjectedFault.STAND_DOWN, 0, 5_000)
              .event(BackupEvent.LEFT, 5_002));
    }

    @Test
    void aNewLinkWithoutProbesHearsThatItsSourceStandsDown() {
      assertRight(
          MadeUpHistory.of(KEEPALIVE)
              .end(InjectedFault.STAND_DOWN, 0, 500)
              .event(BackupEvent.LEFT, 502));
    }

    @Test
    void twoSilencesCloseToEachOtherCountAsOne() {
      assertRight(
          MadeUpHistory.of(KEEPALIVE)
              .lasting(DROP, 0, 5_000, 6_200)
              .lasting(DROP, 0, 6_500, 7_700)
              .failover(TIMED_OUT, 8_200)
              .closed(60_000));
    }

    @Test
    void anEndIsReportedWhenTheCutIsOver() {
      assertRight(
          MadeUpHistory.of(KEEPALIVE)
              .lasting(DROP, 0, 5_000, 7_000)
              .end(SOURCE_KILL, 0, 5_200)
              .failover(CLOSED, 8_900));
    }
  }
}
