package io.github.keepalive4j.qemu;

import io.github.keepalive4j.qemu.TakeoverStep.Outcome;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** One run of an action. It executes the steps before one deadline and records them. */
final class TakeoverRun {

  private static final long FIRST_PAUSE_MS = 1;
  private static final long LONGEST_PAUSE_MS = 50;

  /**
   * How QEMU says that what a step removes is not there. QEMU has no error class for that. The
   * wording decides only how the step is recorded, not whether the takeover goes on.
   */
  private static final Pattern ABSENT =
      Pattern.compile(
          "NBD server not running|object '.*' not found|Cannot find device='.*'"
              + "|Failed to find node with node-name='.*'|does not have child|Instance not found");

  private final String action;
  private final QmpExecutor qemu;
  private final long startedNs;
  private final long limitNs;
  private final List<TakeoverStep> steps;
  private @Nullable SilenceAlarm alarm;

  TakeoverRun(String action, QmpExecutor qemu, Duration limit) {
    this.action = action;
    this.qemu = qemu;
    this.startedNs = System.nanoTime();
    this.limitNs = limit.toNanos();
    this.steps = Collections.synchronizedList(new ArrayList<>());
  }

  /** Makes the part of a run that another thread executes: the same deadline, the same record. */
  private TakeoverRun(TakeoverRun run) {
    action = run.action;
    qemu = run.qemu;
    startedNs = run.startedNs;
    limitNs = run.limitNs;
    steps = run.steps;
  }

  /**
   * Executes the steps. Meanwhile, whenever a command of theirs is unanswered for some time, the
   * rescue is executed beside it.
   */
  Takeover rescued(SilenceAlarm.Rescue rescue, SerializedRun.Steps steps)
      throws TakeoverException, InterruptedException {
    try (SilenceAlarm opened = new SilenceAlarm(rescue, new TakeoverRun(this))) {
      alarm = opened;
      return steps.run(this);
    } finally {
      alarm = null;
    }
  }

  /** Executes a command that the takeover needs. */
  QmpValue require(QmpCommand command) throws TakeoverException, InterruptedException {
    long beganNs = System.nanoTime();
    try {
      QmpValue answer = execute(command);
      record(command, beganNs, Outcome.DONE, "");
      return answer;
    } catch (QmpException | QmpConnectionException e) {
      throw failed(command, beganNs, e);
    }
  }

  /** Executes a command that the takeover can do without. Returns QEMU's refusal, if any. */
  Optional<QmpException> attempt(QmpCommand command)
      throws TakeoverException, InterruptedException {
    long beganNs = System.nanoTime();
    try {
      execute(command);
      record(command, beganNs, Outcome.DONE, "");
      return Optional.empty();
    } catch (QmpException e) {
      boolean absent = ABSENT.matcher(e.description()).find();
      record(command, beganNs, absent ? Outcome.ABSENT : Outcome.REFUSED, messageOf(e));
      return Optional.of(e);
    } catch (QmpConnectionException e) {
      throw failed(command, beganNs, e);
    }
  }

  /** Asks for a state once. */
  <T> T query(QmpCommand query, Function<QmpValue, T> reader)
      throws TakeoverException, InterruptedException {
    return await(query, reader, state -> true);
  }

  /** Asks for a state once. Returns nothing if this QEMU refuses or does not know the question. */
  <T> Optional<T> queryIfKnown(QmpCommand query, Function<QmpValue, T> reader)
      throws TakeoverException, InterruptedException {
    long beganNs = System.nanoTime();
    try {
      T state = reader.apply(execute(query));
      record(query, beganNs, Outcome.DONE, state.toString());
      return Optional.of(state);
    } catch (QmpException e) {
      record(query, beganNs, Outcome.REFUSED, messageOf(e));
      return Optional.empty();
    } catch (QmpConnectionException e) {
      throw failed(query, beganNs, e);
    }
  }

  /** Polls a state until it is the one wanted. */
  <T> T await(QmpCommand query, Function<QmpValue, T> reader, Predicate<T> wanted)
      throws TakeoverException, InterruptedException {
    long beganNs = System.nanoTime();
    long pauseMs = FIRST_PAUSE_MS;
    while (true) {
      T state;
      try {
        state = reader.apply(execute(query));
      } catch (QmpException | QmpConnectionException e) {
        throw failed(query, beganNs, e);
      }
      if (wanted.test(state)) {
        record(query, beganNs, Outcome.DONE, state.toString());
        return state;
      }
      if (System.nanoTime() - startedNs >= limitNs) {
        record(query, beganNs, Outcome.FAILED, state.toString());
        throw refused("its state is still " + state, null);
      }
      Thread.sleep(pauseMs);
      pauseMs = Math.min(LONGEST_PAUSE_MS, pauseMs * 2);
    }
  }

  /** Waits until the machine runs. A state from which it never would ends the wait at once. */
  void awaitRunning() throws TakeoverException, InterruptedException {
    RunStatus status =
        await(RunStatus.QUERY, RunStatus::of, state -> state.running() || state.isDeadEnd());
    if (!status.running()) {
      throw refused("the machine does not run, its state is " + status, null);
    }
  }

  Takeover done() {
    return new Takeover(action, false, startedNs, took(), recorded());
  }

  Takeover alreadyDone() {
    return new Takeover(action, true, startedNs, took(), recorded());
  }

  TakeoverException refused(String reason, @Nullable Throwable cause) {
    return new TakeoverException(action, reason, took(), recorded(), cause);
  }

  private QmpValue execute(QmpCommand command)
      throws QmpException, QmpConnectionException, InterruptedException {
    if (alarm == null) {
      return qemu.execute(command, left());
    }
    alarm.commandBegins();
    try {
      return qemu.execute(command, left());
    } finally {
      alarm.commandEnds();
    }
  }

  private TakeoverException failed(QmpCommand command, long beganNs, IOException cause) {
    record(command, beganNs, Outcome.FAILED, messageOf(cause));
    return refused(cause.getMessage(), cause);
  }

  private static String messageOf(IOException e) {
    return e instanceof QmpException refusal
        ? refusal.errorClass() + ": " + refusal.description()
        : e.getMessage();
  }

  private void record(QmpCommand command, long beganNs, Outcome outcome, String reply) {
    String about = command.argumentValues();
    String detail = about + (about.isEmpty() || reply.isEmpty() ? "" : ": ") + reply;
    Duration took = Duration.ofNanos(System.nanoTime() - beganNs);
    steps.add(new TakeoverStep(command.name(), beganNs, took, outcome, detail));
  }

  private List<TakeoverStep> recorded() {
    return List.copyOf(steps);
  }

  private Duration took() {
    return Duration.ofNanos(System.nanoTime() - startedNs);
  }

  private Duration left() {
    long leftNs = limitNs - (System.nanoTime() - startedNs);
    return leftNs < Arguments.SHORTEST.toNanos() ? Arguments.SHORTEST : Duration.ofNanos(leftNs);
  }
}
