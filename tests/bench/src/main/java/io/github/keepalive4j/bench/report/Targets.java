package io.github.keepalive4j.bench.report;

import io.github.keepalive4j.bench.measure.Idle;
import io.github.keepalive4j.bench.measure.IdleCost;
import io.github.keepalive4j.bench.measure.MassDeath;
import io.github.keepalive4j.bench.measure.OpenClose;
import io.github.keepalive4j.bench.measure.Samples;
import io.github.keepalive4j.bench.peer.Ending;
import io.github.keepalive4j.bench.subject.Contender;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The targets of the monitor on its own thread, as ratios of medians in one run. */
final class Targets {
  private static final String NATIVE = Contender.NATIVE.key();
  private static final String FLOOR = Contender.FLOOR.key();
  private static final String SELECTOR = Contender.JDK_SELECTOR.key();
  private static final String NETTY = Contender.NETTY.key();
  private static final int FEW = 100;
  private static final int MANY = 8000;

  private final Results results;
  private final List<Target> targets = new ArrayList<>();

  private Targets(Results results) {
    this.results = results;
  }

  /** Compares the results with the targets that they have figures for. */
  static List<Target> of(Results results) {
    Targets targets = new Targets(results);
    targets.peerDeath();
    targets.silence();
    targets.massDeath();
    targets.idle();
    targets.openClose();
    return List.copyOf(targets.targets);
  }

  private void peerDeath() {
    Map<String, Samples> reset = results.peerDeath().get(Ending.RESET);
    double own = reset.get(NATIVE).median();
    double floor = reset.get(FLOOR).median();
    double jdk = reset.get(SELECTOR).median();
    double netty = reset.get(NETTY).median();
    add(1, "reset: median against the floor", own / floor, 1.15, "x");
    add(1, "reset: median against the JDK Selector", own / jdk, 0.5, floor / jdk, "x");
    add(1, "reset: median against Netty", own / netty, 0.65, floor / netty, "x");
    add(1, "heap for a delivered failure", allocated(), 1024, "bytes");
  }

  private double allocated() {
    return results.allocation().get(NATIVE).median();
  }

  private void silence() {
    if (results.silence().isEmpty()) {
      return;
    }
    double own = excessUs(NATIVE, SELECTOR);
    double floor = excessUs(FLOOR, SELECTOR);
    add(2, "silence: excess beyond the JDK Selector's, phase by phase", own, 0, floor, "µs");
    double beyondFloor = excessUs(NATIVE, FLOOR);
    add(2, "silence: excess beyond the floor's, phase by phase", beyondFloor, 200, "µs");
  }

  private double excessUs(String key, String other) {
    Map<String, Samples> excess = results.silence();
    return excess.get(key).minus(excess.get(other)).median() / 1e3;
  }

  private void massDeath() {
    if (results.massDeath().isEmpty()) {
      return;
    }
    double own = last(NATIVE, MANY);
    add(3, "8,000 deaths: last callback against the JDK", own / last(SELECTOR, MANY), 0.5, "x");
    add(3, "8,000 deaths: last callback against Netty", own / last(NETTY, MANY), 0.5, "x");
    add(3, "time per link, 8,000 against 100", own / MANY / (last(NATIVE, FEW) / FEW), 2, "x");
  }

  private double last(String key, int links) {
    MassDeath.Times times = results.massDeath().get(key).get(links);
    return times.last().median();
  }

  private void idle() {
    IdleCost cost = results.idle().get(NATIVE);
    if (cost == null) {
      return;
    }
    add(4, "idle: wake-ups without suspicion", (double) cost.wakeUps(), 0, "");
    IdleCost suspicious = results.idle().get(Idle.SUSPICION);
    double grid = suspicious.seconds() * 10 + 1; // checks fall on a grid of 100 ms
    add(4, "idle: wake-ups with suspicion", (double) suspicious.wakeUps(), grid, "");
    add(4, "idle: Java heap per link", cost.heapBytesPerLink(), 512, "bytes");
    add(4, "idle: native memory per link", cost.nativeBytesPerLink(), 256, "bytes");
  }

  private void openClose() {
    Map<String, Samples> rates = results.openClose();
    if (rates.isEmpty()) {
      return;
    }
    double jdk = rates.get(OpenClose.SOCKET_CHANNEL).median();
    double own = rates.get(OpenClose.NATIVE).median();
    add(5, "open and close: time against SocketChannel", jdk / own, 1, "x");
  }

  private void add(int measurement, String name, double measured, double limit, String unit) {
    add(measurement, name, measured, limit, null, unit);
  }

  private void add(
      int measurement, String name, double measured, double limit, Double floor, String unit) {
    targets.add(new Target(measurement, name, measured, limit, floor, unit));
  }
}
