package io.github.keepalive4j.support;

import io.github.keepalive4j.Failover;
import io.github.keepalive4j.FailoverCallback;
import io.github.keepalive4j.Failure;
import io.github.keepalive4j.LinkListener;
import io.github.keepalive4j.Watch;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Writes down what a monitor tells of a link, in order. */
public final class Recorder implements FailoverCallback, LinkListener {
  /**
   * One call.
   *
   * @param what the call's name and what it said
   * @param atNs when it came
   * @param failure the failure, or null where the call carries none
   */
  public record Call(String what, long atNs, Failure failure) {}

  private final List<Call> calls = new CopyOnWriteArrayList<>();

  private void add(String what, Failure failure) {
    calls.add(new Call(what, System.nanoTime(), failure));
  }

  @Override
  public void onFailover(Failover failover) {
    add("failover " + failover.failure().cause(), failover.failure());
  }

  @Override
  public void onUp(LinkUpdate update) {
    add("up", null);
  }

  @Override
  public void onSuspect(LinkUpdate update) {
    add("suspect " + update.unansweredProbes(), null);
  }

  @Override
  public void onRecovered(LinkUpdate update) {
    add("recovered", null);
  }

  @Override
  public void onConfirmed(Confirmation event) {
    add("confirmed " + event.failure().cause(), event.failure());
  }

  @Override
  public void onEnded(Watch.End end) {
    Failure failure = end.failures().isEmpty() ? null : end.failures().get(0);
    switch (end.kind()) {
      case LEFT -> add("left", failure);
      case VIOLATED -> add("violation " + failure.octet().orElseThrow(), failure);
      case ABORTED -> add("aborted", failure);
      case CANCELLED -> {
        // its owner knows
      }
      default -> add("failed " + failure.cause(), failure);
    }
  }

  public List<String> calls() {
    return calls.stream().map(Call::what).toList();
  }

  /** Waits for a call and returns it. */
  public Call await(String what) throws Exception {
    try {
      Eventually.await(what, () -> calls().contains(what));
    } catch (AssertionError e) {
      throw new AssertionError("heard only " + calls(), e);
    }
    return calls.get(calls().indexOf(what));
  }
}
