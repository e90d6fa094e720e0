package io.github.keepalive4j.sockets;

import io.github.keepalive4j.support.Eventually;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Writes down what a sweeper tells, in order. */
final class Heard implements SweepListener {
  /**
   * One call.
   *
   * @param what its name
   * @param atNs when it came
   */
  record Call(String what, SocketUpdate event, long atNs) {
    boolean isOf(String name, int remotePort) {
      return what.equals(name) && event.remote().getPort() == remotePort;
    }
  }

  private final List<Call> calls = new CopyOnWriteArrayList<>();

  private void add(String what, SocketUpdate event) {
    calls.add(new Call(what, event, System.nanoTime()));
  }

  @Override
  public void onGoverned(SocketUpdate event) {
    add("governed", event);
  }

  @Override
  public void onSetAgain(SocketUpdate event) {
    add("set again", event);
  }

  @Override
  public void onDeadPeer(SocketUpdate event) {
    add("dead peer", event);
  }

  @Override
  public void onSpared(SocketUpdate event) {
    add("spared", event);
  }

  @Override
  public void onStuck(SocketUpdate event) {
    add("stuck", event);
  }

  @Override
  public void onRefused(SocketUpdate event) {
    add("refused", event);
  }

  List<Call> calls() {
    return calls;
  }

  /** Returns what was told of the sockets to a port, in order. */
  List<String> of(int remotePort) {
    return calls.stream()
        .filter(call -> call.event().remote().getPort() == remotePort)
        .map(Call::what)
        .toList();
  }

  /** Waits for a call about a socket to a port, and returns it. */
  Call await(String what, int remotePort) throws Exception {
    try {
      Eventually.await(what, () -> calls.stream().anyMatch(call -> call.isOf(what, remotePort)));
    } catch (AssertionError e) {
      throw new AssertionError("heard only " + calls, e);
    }
    return calls.stream().filter(call -> call.isOf(what, remotePort)).findFirst().orElseThrow();
  }
}
