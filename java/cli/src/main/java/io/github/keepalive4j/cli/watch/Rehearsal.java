package io.github.keepalive4j.cli.watch;

import io.github.keepalive4j.Failover;
import io.github.keepalive4j.FailureCause;
import io.github.keepalive4j.cli.command.UserCommand;
import io.github.keepalive4j.cli.output.Event;
import io.github.keepalive4j.cli.output.Output;
import io.github.keepalive4j.internal.Errno;
import io.github.keepalive4j.internal.testing.EventFactory;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * Plays failovers that nobody hears of, so that the code of the real one has run before: a
 * program's only failover would otherwise load its classes and interpret its code for the first
 * time. It is played again each minute, because what isn't used for a week leaves memory.
 */
final class Rehearsal implements AutoCloseable {
  private static final int FIRST_TIMES = 100;
  private static final Duration PERIOD =
      Duration.ofMillis(Long.getLong("keepalive.rehearsal.period", 60_000)); // tests don't wait
  private static final Duration UNTIL_ARMED = Duration.ofSeconds(1); // ample for a shell to start
  private static final String NOTHING = ":";
  private static final InetSocketAddress NOBODY =
      new InetSocketAddress(InetAddress.getLoopbackAddress(), 9); // nothing is sent to it

  private final EventFactory events = EventFactory.get();
  private final Output output;
  private final Target target;
  private final Succession succession;
  private final UserCommand command; // null where a failover runs none
  private final ScheduledThreadPoolExecutor thread =
      new ScheduledThreadPoolExecutor(1, Rehearsal::newThread);

  /**
   * Makes a rehearsal.
   *
   * @param output takes the events, and writes them nowhere
   * @param target whom the real links lead to; no other link is made
   * @param succession isn't told of a failover without a claim
   * @param runsCommand whether a failover runs a command; processes come and go for that alone
   */
  Rehearsal(Output output, Target target, Succession succession, boolean runsCommand) {
    this.output = output;
    this.target = target;
    this.succession = succession;
    this.command = runsCommand ? new UserCommand(NOTHING, false) : null;
  }

  private static Thread newThread(Runnable task) {
    Thread made = new Thread(task, "rehearsal");
    made.setDaemon(true);
    return made;
  }

  /** Begins to play, on a thread of its own. */
  void start() {
    thread.execute(this::playOften);
    repeat(this::arm, PERIOD);
    repeat(() -> play(command), PERIOD.plus(UNTIL_ARMED));
  }

  private void repeat(Runnable task, Duration first) {
    var unused =
        thread.scheduleWithFixedDelay(
            task, first.toMillis(), PERIOD.toMillis(), TimeUnit.MILLISECONDS);
  }

  private void playOften() {
    arm();
    for (int time = 1; time < FIRST_TIMES; time++) {
      play(null);
    }
    play(command);
  }

  private void arm() {
    if (command != null) {
      command.arm(false, Duration.ZERO);
    }
  }

  private void play(UserCommand played) {
    try {
      output.event(Event.suspect(NOBODY, 1));
      output.event(Event.recovered(NOBODY));
      new Links(
              target,
              output,
              () -> new TakeoverActions(output, null, played, null),
              succession,
              () -> {})
          .takeOver(failover());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (RuntimeException | OutOfMemoryError e) { // such as no thread
      // a rehearsal that fails does no harm, and the next one is played
    }
  }

  private Failover failover() {
    long nowNs = System.nanoTime();
    OptionalLong lastHeardNs = OptionalLong.of(nowNs);
    int errno = Errno.ETIMEDOUT.number();
    EventFactory.FailureSpec spec =
        new EventFactory.FailureSpec(
            NOBODY, NOBODY, FailureCause.TIMED_OUT, errno, 0, lastHeardNs, nowNs);
    return events.failover(List.of(events.failure(spec)), null);
  }

  @Override
  public void close() {
    thread.shutdownNow();
    if (command != null) {
      command.close();
    }
    output.close();
  }
}
