package io.github.keepalive4j.cli.sockets;

import io.github.keepalive4j.KeepaliveOptions;
import io.github.keepalive4j.TcpInfo.State;
import io.github.keepalive4j.cli.output.Event;
import io.github.keepalive4j.cli.output.Listing;
import io.github.keepalive4j.cli.output.Messages;
import io.github.keepalive4j.internal.AddressText;
import io.github.keepalive4j.internal.sockets.Duplicate;
import io.github.keepalive4j.internal.sockets.SocketOptions;
import io.github.keepalive4j.sockets.SocketRule;
import io.github.keepalive4j.sockets.SocketRules;
import io.github.keepalive4j.sockets.SweepListener.SocketUpdate;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Sets the sockets of a process by rules, once. */
final class SocketSetter {
  private static final long STEP_MS = 200;

  /** How long it waits at most for answers and for windows to open. */
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private final TargetProcess process;
  private final SocketRules rules;
  private final List<Event> events = new ArrayList<>();
  private final Map<Long, Integer> awaited = new LinkedHashMap<>(); // descriptors by identity
  private boolean isFirst = true; // pass
  private boolean isPatient = true;
  private int failures;

  private SocketSetter(TargetProcess process, SocketRules rules) {
    this.process = process;
    this.rules = rules;
  }

  /**
   * Sets the sockets that the rules govern, and tells each. It takes until the silent ones among
   * them have answered a probe, and closed windows are open, at most 10 s or the longest budget.
   *
   * @return whether all could be set
   * @throws IOException if the process has ended, the kernel doesn't permit it, or another command
   *     sets its sockets
   */
  static boolean set(TargetProcess process, SocketRules rules, Listing listing)
      throws IOException, InterruptedException {
    SocketSetter setter = new SocketSetter(process, rules);
    try (ExclusiveSockets sockets = ExclusiveSockets.of(process)) {
      setter.setAll(
          new SocketReader(process.pid(), sockets.table(), new NetworkNamespaces()), listing);
    }
    return setter.failures == 0;
  }

  private void setAll(SocketReader reader, Listing listing)
      throws IOException, InterruptedException {
    long startNs = System.nanoTime();
    reader.forEach(this::visit);
    tell(listing);
    isFirst = false;
    while (!awaited.isEmpty()) {
      Thread.sleep(STEP_MS);
      isPatient = System.nanoTime() - startNs < patience().toNanos();
      visitAgain(reader);
      tell(listing);
    }
  }

  private void visitAgain(SocketReader reader) throws IOException {
    Map<Long, Integer> again = new LinkedHashMap<>(awaited);
    awaited.clear();
    for (Map.Entry<Long, Integer> socket : again.entrySet()) {
      reader.visit(socket.getValue(), socket.getKey(), this::visit);
    }
  }

  /** No duplicate is open: whoever reads it may be slow. */
  private void tell(Listing listing) {
    events.forEach(listing::event);
    events.clear();
  }

  private Duration patience() {
    return rules.rules().stream()
        .map(SocketRule::within)
        .max(Duration::compareTo)
        .filter(longest -> longest.compareTo(PATIENCE) < 0)
        .orElse(PATIENCE);
  }

  private void visit(SocketView view, Duplicate socket) {
    Optional<SocketRule> rule =
        view.info().state() == State.SYN_SENT
            ? Optional.empty()
            : view.remote().flatMap(rules::match);
    if (rule.isEmpty()) {
      return;
    }
    try {
      apply(rule.get(), view, socket);
    } catch (IOException e) {
      failures++;
      events.add(Event.error(AddressText.of(view.remote().orElseThrow()), Messages.of(e)));
    }
  }

  private void apply(SocketRule rule, SocketView view, Duplicate socket) throws IOException {
    SocketOptions options = SocketOptions.of(KeepaliveOptions.forTraffic(rule.within()));
    SocketOptions keepaliveAlone =
        new SocketOptions(
            true, options.idleSeconds(), options.intervalSeconds(), options.count(), 0);
    boolean isDeferred = view.isHeldByThePeer() || isSilent(view, options);
    SocketOptions wanted = isDeferred ? keepaliveAlone : options;
    if (isFirst) {
      socket.set(wanted); // a silent one is probed at once, each time that this is set
    } else if (!isDeferred) {
      socket.setUserTimeout(wanted.userTimeoutMs());
    }
    if (isDeferred && isPatient && !isStuck(rule, view)) {
      awaited.put(view.identity(), view.fd());
      return;
    }
    SocketUpdate update =
        update(rule, view).withUserTimeout(Duration.ofMillis(wanted.userTimeoutMs()));
    events.add(SocketEvents.governed(process, update));
    endStuck(rule, view, socket);
  }

  /** A user timeout that has passed already would end it if the next probe alone were lost. */
  private static boolean isSilent(SocketView view, SocketOptions options) {
    return !view.isInFlight()
        && !view.isHeldByThePeer()
        && view.info().silence().toSeconds() >= options.idleSeconds();
  }

  private void endStuck(SocketRule rule, SocketView view, Duplicate socket) throws IOException {
    if (isStuck(rule, view)) {
      SocketUpdate update = update(rule, view);
      if (rules.endStuck()) {
        socket.shutdown();
        update = update.ended();
      }
      events.add(SocketEvents.stuck(process, update));
    }
  }

  private static boolean isStuck(SocketRule rule, SocketView view) {
    return view.unansweredFor().compareTo(rule.within()) > 0;
  }

  private static SocketUpdate update(SocketRule rule, SocketView view) {
    return SocketUpdate.of(
        view.local(), view.remote().orElseThrow(), rule, view.info().silence(), view.queuedBytes());
  }
}
