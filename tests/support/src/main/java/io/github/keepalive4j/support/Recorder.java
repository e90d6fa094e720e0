package io.github.keepalive4j.support;

import io.github.keepalive4j.FailoverCallback;
import io.github.keepalive4j.Failure;
import io.github.keepalive4j.KeepaliveSocket;
import io.github.keepalive4j.LinkListener;
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
  public void onFailover(Failure failure) {
    add("failover " + failure.cause(), failure);
  }

  @Override
  public void onUp(KeepaliveSocket link) {
    add("up", null);
  }

  @Override
  public void onSuspect(KeepaliveSocket link, int probes) {
    add("suspect " + probes, null);
  }

  @Override
  public void onRecovered(KeepaliveSocket link) {
    add("recovered", null);
  }

  @Override
  public void onLeft(KeepaliveSocket link) {
    add("left", null);
  }

  @Override
  public void onViolation(KeepaliveSocket link, int octet) {
    add("violation " + octet, null);
  }

  @Override
  public void onFailed(Failure failure) {
    add("failed " + failure.cause(), failure);
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
