package io.github.keepalive4j.cli.serve;

import io.github.keepalive4j.Claim;
import io.github.keepalive4j.cli.command.RunningCommand;
import io.github.keepalive4j.cli.command.UserCommand;
import io.github.keepalive4j.cli.output.Event;
import io.github.keepalive4j.cli.output.Messages;
import io.github.keepalive4j.cli.output.Output;
import io.github.keepalive4j.internal.process.ProcessTree;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * What runs on one claim of a source, and what stops it. Nothing is started once it has been
 * stopped. Thread-safe.
 */
final class ClaimCommands {
  /** What is left to processes to end, however long the command before them took. */
  private static final Duration GRACE = Duration.ofSeconds(1);

  private final Output output;
  private final UserCommand won; // null for none
  private final UserCommand lost; // null for none
  private final Duration stopTimeout;
  private volatile String peer = "";
  private Map<String, String> environment; // guarded by this; null until it begins
  private RunningCommand running; // guarded by this; null for nothing
  private volatile boolean over; // written under the lock of this

  ClaimCommands(Output output, UserCommand won, UserCommand lost, Duration stopTimeout) {
    this.output = output;
    this.won = won;
    this.lost = lost;
    this.stopTimeout = stopTimeout;
  }

  /**
   * Starts what runs on a claim, unless that is over already.
   *
   * @param source names the source in events
   * @param onFailure called with the reason if it fails while the claim is held, before it is
   *     stopped
   */
  synchronized void begin(String source, Claim claim, Consumer<String> onFailure) {
    if (over) {
      return;
    }
    peer = source;
    environment = environment(claim);
    if (won == null) {
      return;
    }
    try {
      running = won.startOn(claim, environment, graceOfOrphans());
      var unused =
          running.head().onExit().thenAccept(head -> ended(head.exitValue(), claim, onFailure));
    } catch (IOException e) {
      onFailure.accept("the command of --on-claim-won didn't start: " + Messages.of(e));
    }
  }

  /** Where this process is killed or hangs, its session ends soon, and a successor begins. */
  private Duration graceOfOrphans() {
    return stopTimeout.compareTo(GRACE) < 0 ? stopTimeout : GRACE;
  }

  private static Map<String, String> environment(Claim claim) {
    Map<String, String> environment = new HashMap<>();
    claim.token().ifPresent(token -> environment.put("KEEPALIVE_TOKEN", Long.toString(token)));
    return environment;
  }

  /**
   * Takes no lock: whoever stops the commands holds it, and may wait for this thread. What ends
   * once the claim is lost was ended for that, maybe before this process heard of the loss.
   */
  private void ended(int status, Claim claim, Consumer<String> onFailure) {
    if (status != 0 && !over && claim.isValid()) {
      onFailure.accept("the command of --on-claim-won exited with " + status);
    }
  }

  private void tellError(String message) {
    output.event(Event.error(peer, message));
  }

  /** Stops what runs, once. Returns when it no longer runs, also if another thread stops it. */
  synchronized void stop(String reason) {
    boolean begun = environment != null;
    if (over || !begun) {
      over = true;
      return;
    }
    over = true;
    long deadlineNs = System.nanoTime() + stopTimeout.toNanos();
    if (running != null) {
      running.allow(stopTimeout.plus(GRACE));
    }
    try {
      if (lost != null) {
        runLost(reason);
      }
    } finally { // also where no thread can be started
      if (running != null) {
        long leftNs = Math.max(GRACE.toNanos(), deadlineNs - System.nanoTime());
        running.terminate(Duration.ofNanos(leftNs));
      }
    }
  }

  private void runLost(String reason) {
    Map<String, String> all = new HashMap<>(environment);
    all.put("KEEPALIVE_REASON", reason);
    try {
      ProcessTree tree = lost.start(all);
      Process head = tree.head();
      head.onExit().completeOnTimeout(head, stopTimeout.toNanos(), TimeUnit.NANOSECONDS).join();
      if (head.isAlive()) {
        tree.kill();
        tellError(
            "the command of --on-claim-lost didn't end within " + stopTimeout.toMillis() + " ms");
      } else if (head.exitValue() != 0) {
        tellError("the command of --on-claim-lost exited with " + head.exitValue());
      }
    } catch (IOException e) {
      tellError("the command of --on-claim-lost didn't start: " + Messages.of(e));
    }
  }
}
