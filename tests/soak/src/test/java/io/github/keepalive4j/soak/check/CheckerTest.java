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

/** The checker finds each breach in a forged history, and none in one as it has to be. */
class CheckerTest {
  private static final LinkKind KEEPALIVE = new LinkKind(Mechanism.KEEPALIVE, Family.IPV4, 0);
  private static final LinkKind FAST = new LinkKind(Mechanism.FAST, Family.IPV6, 0);
  private static final LinkKind PROCESS = new LinkKind(Mechanism.PROCESS, Family.IPV4, 0);

  private static void assertRight(Story story) {
    assertEquals(List.of(), story.breaches());
  }

  private static void assertBreach(Rule rule, Story story) {
    assertEquals(List.of(rule), story.breaches());
  }

  @Nested
  class Lost {
    @Test
    void silenceThatNobodyTellsOf() {
      for (LinkKind kind : List.of(KEEPALIVE, FAST, PROCESS)) {
        assertBreach(Rule.LOST, Story.of(kind).lasting(DROP, 0, 5_000, 14_000).closed(60_000));
      }
    }

    @Test
    void silenceOfAllSources() {
      assertBreach(
          Rule.LOST,
          Story.of(FAST).lasting(BACKUP_REJECT, Spell.ALL, 5_000, 14_000).closed(60_000));
    }

    @Test
    void endThatNobodyTellsOf() {
      assertBreach(Rule.LOST, Story.of(KEEPALIVE).end(SOURCE_KILL, 0, 5_000).closed(60_000));
      assertBreach(Rule.LOST, Story.of(FAST).end(SOURCE_KILL_SOCKETS, 0, 5_000).closed(60_000));
      assertBreach(Rule.LOST, Story.of(FAST).end(Trouble.STAND_DOWN, 0, 5_000).closed(60_000));
    }

    @Test
    void endOfALinkThatIsNeverClosed() {
      assertBreach(Rule.LOST, Story.of(FAST).end(BACKUP_KILL_SOCKETS, 0, 5_000));
    }

    @Test
    void endBehindACut() {
      assertBreach(
          Rule.LOST,
          Story.of(KEEPALIVE)
              .lasting(DROP, 0, 5_000, 5_500)
              .end(SOURCE_KILL, 0, 5_200)
              .closed(60_000));
    }

    @Test
    void deathThatTheKernelKnows() {
      Story dead = Story.of(KEEPALIVE).event(LoadEvent.DEAD, "CLOSE", 5_000);
      assertBreach(Rule.LOST, dead.closed(8_100));
      assertRight(Story.of(KEEPALIVE).event(LoadEvent.DEAD, "CLOSE", 5_000).closed(7_900));
    }

    @Test
    void hangOfAProcess() {
      assertBreach(
          Rule.LOST, Story.of(PROCESS).lasting(SOURCE_STOP, 0, 5_000, 14_000).closed(60_000));
    }

    @Test
    void notAHangThatEndedWithItsProcess() {
      assertRight(
          Story.of(PROCESS)
              .lasting(SOURCE_STOP, 0, -6_000, 5_000)
              .end(SOURCE_KILL, 0, -2_000)
              .closed(60_000));
    }

    @Test
    void notWhatItsOwnerLetGoInTime() {
      assertRight(Story.of(FAST).end(SOURCE_KILL, 0, 5_000).closed(5_004));
      assertRight(Story.of(FAST).end(SOURCE_KILL, 0, 5_000).unwatched(true, 5_004).closed(9_000));
    }

    @Test
    void notWhatTheFaultSpares() {
      assertRight(Story.of(FAST).end(SOURCE_KILL, 1, 5_000).closed(60_000));
      assertRight(Story.of(FAST).lasting(DROP, 0, 5_000, 5_080).closed(60_000));
      assertRight(Story.of(KEEPALIVE).lasting(DROP, 0, 5_000, 6_500).closed(60_000));
      assertRight(Story.of(FAST).lasting(SOURCE_STOP, 0, 5_000, 14_000).closed(60_000));
    }
  }

  @Nested
  class Late {
    @Test
    void verdict() {
      assertBreach(
          Rule.LATE,
          Story.of(KEEPALIVE)
              .lasting(DROP, 0, 5_000, 16_000)
              .failover(TIMED_OUT, 5_000 + 4_500 + 3_100));
    }

    @Test
    void callback() {
      assertBreach(
          Rule.LATE, Story.of(FAST).end(SOURCE_KILL, 0, 5_000).failover(CLOSED, 5_001, 9_000));
    }

    @Test
    void notByTheTimeForWhichTheBackupStoodStill() {
      assertRight(
          Story.of(FAST)
              .end(SOURCE_KILL, 0, 5_000)
              .stalled(5_000, 9_000)
              .failover(CLOSED, 9_001, 9_002));
    }
  }

  @Nested
  class Doubled {
    @Test
    void failover() {
      assertBreach(
          Rule.DOUBLED,
          Story.of(FAST)
              .end(SOURCE_KILL, 0, 5_000)
              .failover(CLOSED, 5_002)
              .event(BackupEvent.FAILOVER, CLOSED.name(), 5_003));
    }

    @Test
    void failed() {
      assertBreach(
          Rule.DOUBLED,
          Story.of(FAST)
              .end(SOURCE_KILL, 0, 5_000)
              .failover(CLOSED, 5_002)
              .event(BackupEvent.FAILED, 5_003));
    }

    @Test
    void failoverOfASourceThatLeft() {
      assertBreach(
          Rule.DOUBLED,
          Story.of(FAST)
              .end(Trouble.STAND_DOWN, 0, 5_000)
              .end(SOURCE_KILL, 0, 5_010)
              .event(BackupEvent.LEFT, 5_002)
              .failover(CLOSED, 5_012));
    }
  }

  @Nested
  class False {
    @Test
    void outOfTheBlue() {
      for (LinkKind kind : List.of(KEEPALIVE, FAST, PROCESS)) {
        assertBreach(Rule.FALSE, Story.of(kind).failover(TIMED_OUT, 5_000));
        assertBreach(Rule.FALSE, Story.of(kind).failover(RESET, 5_000));
      }
    }

    @Test
    void whenAnotherSourceFailed() {
      assertBreach(
          Rule.FALSE, Story.of(FAST).lasting(DROP, 1, 5_000, 14_000).failover(TIMED_OUT, 5_400));
      assertBreach(Rule.FALSE, Story.of(FAST).end(SOURCE_KILL, 1, 5_000).failover(CLOSED, 5_001));
    }

    @Test
    void whenTheSilenceWasToBeBorne() {
      assertBreach(
          Rule.FALSE, Story.of(FAST).lasting(DROP, 0, 5_000, 5_080).failover(TIMED_OUT, 5_070));
      assertBreach(
          Rule.FALSE,
          Story.of(KEEPALIVE).lasting(DROP, 0, 5_000, 6_500).failover(TIMED_OUT, 6_400));
      assertBreach(
          Rule.FALSE,
          Story.of(PROCESS).lasting(SOURCE_STOP, 0, 5_000, 5_100).failover(HUNG, 5_090));
    }

    @Test
    void beforeItsFault() {
      assertBreach(Rule.FALSE, Story.of(FAST).failover(CLOSED, 4_990).end(SOURCE_KILL, 0, 5_000));
    }

    @Test
    void longAfterItsFault() {
      assertBreach(
          Rule.FALSE, Story.of(FAST).lasting(DROP, 0, 5_000, 5_450).failover(TIMED_OUT, 8_000));
    }

    @Test
    void ofAProcessThatIsNotAsked() {
      assertBreach(
          Rule.FALSE,
          Story.of(FAST).lasting(SOURCE_STOP, 0, 5_000, 14_000).failover(TIMED_OUT, 6_000));
    }

    @Test
    void insteadOfAFarewell() {
      assertBreach(
          Rule.FALSE, Story.of(FAST).end(Trouble.STAND_DOWN, 0, 5_000).failover(CLOSED, 5_003));
    }
  }

  @Nested
  class WrongCause {
    @Test
    void ofASilence() {
      assertBreach(
          Rule.WRONG_CAUSE,
          Story.of(KEEPALIVE).lasting(DROP, 0, 5_000, 14_000).failover(RESET, 9_000));
      assertBreach(
          Rule.WRONG_CAUSE,
          Story.of(FAST).lasting(DROP, 0, 5_000, 14_000).failover(UNREACHABLE, 5_400));
    }

    @Test
    void ofAnEnd() {
      assertBreach(
          Rule.WRONG_CAUSE, Story.of(KEEPALIVE).end(SOURCE_KILL, 0, 5_000).failover(RESET, 5_001));
      assertBreach(
          Rule.WRONG_CAUSE,
          Story.of(FAST).end(BACKUP_KILL_SOCKETS, 0, 5_000).failover(RESET, 5_001));
    }
  }

  @Nested
  class AfterRelease {
    @Test
    void failoverOfAClosedLink() {
      assertBreach(
          Rule.AFTER_RELEASE,
          Story.of(FAST).end(SOURCE_KILL, 0, 5_000).closed(5_002).failover(CLOSED, 5_001, 5_010));
    }

    @Test
    void failoverOfALinkThatWasTakenBack() {
      assertBreach(
          Rule.AFTER_RELEASE,
          Story.of(FAST)
              .end(SOURCE_KILL, 0, 5_000)
              .unwatched(true, 5_002)
              .failover(CLOSED, 5_001, 5_001));
    }

    @Test
    void notAFailoverThatCameFirst() {
      assertRight(Story.of(FAST).end(SOURCE_KILL, 0, 5_000).failover(CLOSED, 5_001).closed(5_001));
      assertRight(
          Story.of(FAST)
              .end(SOURCE_KILL, 0, 5_000)
              .failover(CLOSED, 5_001)
              .unwatched(false, 5_001)
              .closed(5_500));
    }
  }

  @Nested
  class Misheard {
    @Test
    void farewellThatNobodySaid() {
      assertBreach(Rule.MISHEARD, Story.of(FAST).event(BackupEvent.LEFT, 5_000));
    }

    @Test
    void farewellOnALinkWhereNobodySpeaks() {
      assertBreach(
          Rule.MISHEARD,
          Story.of(KEEPALIVE).end(Trouble.STAND_DOWN, 0, 5_000).event(BackupEvent.LEFT, 5_001));
    }

    @Test
    void byteThatNobodySent() {
      assertBreach(
          Rule.MISHEARD, Story.of(FAST).event(BackupEvent.VIOLATION, "7", 5_000).closed(5_001));
    }
  }

  @Nested
  class Thrown {
    @Test
    void whateverIsThrown() {
      assertBreach(
          Rule.ERROR, Story.of(FAST).event(LoadEvent.ERROR, "IOException", 5_000).closed(6_000));
    }
  }

  @Nested
  class Right {
    @Test
    void aLifeWithoutTrouble() {
      assertRight(Story.of(KEEPALIVE).closed(60_000));
    }

    @Test
    void aFailoverBySilence() {
      assertRight(Story.of(KEEPALIVE).lasting(DROP, 0, 5_000, 14_000).failover(TIMED_OUT, 9_200));
      assertRight(
          Story.of(FAST).lasting(SOURCE_REJECT, 0, 5_000, 14_000).failover(UNREACHABLE, 5_480));
      assertRight(Story.of(PROCESS).lasting(SOURCE_STOP, 0, 5_000, 14_000).failover(HUNG, 5_900));
    }

    @Test
    void aFailoverByAnEnd() {
      assertRight(Story.of(FAST).end(SOURCE_KILL, 0, 5_000).failover(CLOSED, 5_002));
      assertRight(Story.of(FAST).end(BACKUP_KILL_SOCKETS, 0, 5_000).failover(ABORTED, 5_002));
      assertRight(Story.of(KEEPALIVE).end(Trouble.STAND_DOWN, 0, 5_000).failover(CLOSED, 5_002));
    }

    @Test
    void aFarewell() {
      assertRight(Story.of(FAST).end(Trouble.STAND_DOWN, 0, 5_000).event(BackupEvent.LEFT, 5_002));
    }

    @Test
    void twoSilencesTooCloseToBeHeardBetween() {
      assertRight(
          Story.of(KEEPALIVE)
              .lasting(DROP, 0, 5_000, 6_200)
              .lasting(DROP, 0, 6_500, 7_700)
              .failover(TIMED_OUT, 8_200)
              .closed(60_000));
    }

    @Test
    void anEndThatIsHeardWhenTheCutIsOver() {
      assertRight(
          Story.of(KEEPALIVE)
              .lasting(DROP, 0, 5_000, 7_000)
              .end(SOURCE_KILL, 0, 5_200)
              .failover(CLOSED, 8_900));
    }
  }
}
