package io.github.keepalive4j.cli.sockets;

import io.github.keepalive4j.KeepaliveOptions;
import io.github.keepalive4j.TcpInfo.State;
import io.github.keepalive4j.cli.output.Event;
import io.github.keepalive4j.cli.output.Listing;
import io.github.keepalive4j.cli.output.Messages;
import io.github.keepalive4j.internal.AddressText;
import io.github.keepalive4j.internal.sockets.Duplicate;
import io.github.keepalive4j.internal.sockets.SocketOptions;
import io.github.keepalive4j.internal.sockets.SocketTable;
import io.github.keepalive4j.sockets.SocketRule;
import io.github.keepalive4j.sockets.SocketRules;
import io.github.keepalive4j.sockets.SweepListener.SocketUpdate;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Sets the sockets of a process by rules, once. */
final class SocketSetter {
  private static final long STEP_MS = 200;

  private final TargetProcess process;
  private final SocketRules rules;
  private final List<Event> events = new ArrayList<>();
  private final Set<Long> done = new HashSet<>(); // identities
  private boolean patient = true; // whether silent sockets may take their time
  private int awaited; // sockets that have to be heard first
  private int failures;

  private SocketSetter(TargetProcess process, SocketRules rules) {
    this.process = process;
    this.rules = rules;
  }

  /**
   * Sets the sockets that the rules govern, and tells each. It takes until the silent ones among
   * them have answered a probe, at most the longest budget.
   *
   * @return whether all could be set
   * @throws IOException if the process has ended, or the kernel doesn't permit it
   */
  static boolean set(TargetProcess process, SocketRules rules, Listing listing)
      throws IOException, InterruptedException {
    SocketSetter setter = new SocketSetter(process, rules);
    try (SocketTable table = SocketTable.ofProcess(process.pid())) {
      setter.setAll(new SocketReader(process.pid(), table, new NetworkNamespaces()), listing);
    }
    return setter.failures == 0;
  }

  private void setAll(SocketReader reader, Listing listing)
      throws IOException, InterruptedException {
    long startNs = System.nanoTime();
    pass(reader, listing);
    while (awaited > 0) {
      Thread.sleep(STEP_MS);
      patient = System.nanoTime() - startNs < longestBudget().toNanos();
      pass(reader, listing);
    }
  }

  private void pass(SocketReader reader, Listing listing) throws IOException {
    awaited = 0;
    reader.forEach(this::visit);
    events.forEach(listing::event); // no duplicate is open now: the reader may be slow
    events.clear();
  }

  private Duration longestBudget() {
    return rules.rules().stream()
        .map(SocketRule::within)
        .max(Duration::compareTo)
        .orElse(Duration.ZERO);
  }

  private void visit(SocketView view, Duplicate socket) {
    Optional<SocketRule> rule =
        view.info().state() == State.SYN_SENT
            ? Optional.empty()
            : view.remote().flatMap(rules::match);
    if (rule.isEmpty() || done.contains(view.identity())) {
      return;
    }
    try {
      apply(rule.get(), view, socket);
    } catch (IOException e) {
      failures++;
      done.add(view.identity());
      events.add(Event.error(AddressText.of(view.remote().orElseThrow()), Messages.of(e)));
    }
  }

  private void apply(SocketRule rule, SocketView view, Duplicate socket) throws IOException {
    SocketOptions options = SocketOptions.of(KeepaliveOptions.forTraffic(rule.within()));
    SocketOptions keepaliveAlone =
        new SocketOptions(
            true, options.idleSeconds(), options.intervalSeconds(), options.count(), 0);
    if (patient && isSilent(view, options)) {
      socket.set(keepaliveAlone); // which has it probed
      awaited++;
      return;
    }
    done.add(view.identity());
    SocketOptions wanted = view.isHeldByThePeer() ? keepaliveAlone : options;
    socket.set(wanted);
    events.add(SocketEvents.governed(process, update(rule, view), wanted));
    endStuck(rule, view, socket);
  }

  /** A user timeout that has passed already would end it if the next probe alone were lost. */
  private static boolean isSilent(SocketView view, SocketOptions options) {
    return !view.isInFlight()
        && !view.isHeldByThePeer()
        && view.info().silence().toSeconds() >= options.idleSeconds();
  }

  private void endStuck(SocketRule rule, SocketView view, Duplicate socket) throws IOException {
    Duration stuckFor = view.inFlightFor();
    if (view.isInFlight() && stuckFor.compareTo(rule.within()) > 0) {
      SocketUpdate update = update(rule, view);
      if (rules.endStuck()) {
        socket.shutdown();
        update = update.ended();
      }
      events.add(SocketEvents.stuck(process, update));
    }
  }

  private static SocketUpdate update(SocketRule rule, SocketView view) {
    return SocketUpdate.of(
        view.local(), view.remote().orElseThrow(), rule, view.info().silence(), view.queuedBytes());
  }
}
