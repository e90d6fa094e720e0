package io.github.keepalive4j.bench.report;

import io.github.keepalive4j.bench.measure.Allocation;
import io.github.keepalive4j.bench.measure.BesideBfd;
import io.github.keepalive4j.bench.measure.FirstFailure;
import io.github.keepalive4j.bench.measure.Idle;
import io.github.keepalive4j.bench.measure.IdleCost;
import io.github.keepalive4j.bench.measure.MassDeath;
import io.github.keepalive4j.bench.measure.OpenClose;
import io.github.keepalive4j.bench.measure.PeerDeath;
import io.github.keepalive4j.bench.measure.Samples;
import io.github.keepalive4j.bench.measure.Silence;
import io.github.keepalive4j.bench.measure.Subjects;
import io.github.keepalive4j.bench.peer.BfdSession;
import io.github.keepalive4j.bench.peer.Ending;
import io.github.keepalive4j.bench.peer.Killer;
import io.github.keepalive4j.bench.subject.Contender;
import io.github.keepalive4j.bench.subject.Stamps;
import io.github.keepalive4j.testkit.Lab;
import java.io.IOException;
import java.io.PrintStream;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Runs a plan's measurements, and writes its progress to a stream. */
final class Measurements {
  /** The most links for which a thread each is realistic. */
  private static final int MAX_LINK_THREADS = 1000;

  private static final Duration TURN = Duration.ofMillis(250);

  private final Plan plan;
  private final PrintStream progress;
  private final List<Contender> contenders = List.of(Contender.values());

  Measurements(Plan plan, PrintStream progress) {
    this.plan = plan;
    this.progress = progress;
  }

  Results run() throws Exception {
    Map<String, String> machine = Machine.describe();
    Map<Ending, Map<String, Samples>> peerDeath;
    Map<String, Samples> allocation;
    Map<String, Samples> firstFailure;
    Stamps stamps = new Stamps(PeerDeath.slots(contenders.size()));
    try (Killer killer = new Killer();
        Subjects subjects = Subjects.open(stamps, contenders)) {
      progress.println("1. peers die one at a time");
      peerDeath =
          new PeerDeath(killer, subjects)
              .run(
                  plan.warmUpRounds(),
                  plan.roundsTime().dividedBy(2),
                  plan.rounds(),
                  plan.roundsTime());
      allocation = new Allocation(killer, subjects).run(plan.allocations());
      firstFailure = firstFailure(killer);
    }
    return new Results(
        machine,
        peerDeath,
        allocation,
        silence(),
        massDeath(),
        idle(),
        openClose(),
        besideBfd(),
        firstFailure);
  }

  private Map<String, Samples> firstFailure(Killer killer) throws IOException {
    if (plan.firstFailures() == 0) {
      return Map.of();
    }
    progress.println("7. the first failure of a JVM");
    return new FirstFailure(killer).run(fitFor(1), plan.firstFailures());
  }

  private Map<String, Samples> silence() throws Exception {
    if (plan.silentLinks() == 0) {
      return Map.of();
    }
    if (!Lab.isAvailable()) {
      progress.println("2. left out: " + Lab.unavailabilityCause().orElseThrow());
      return Map.of();
    }
    progress.println("2. the peer falls silent");
    return new Silence(contenders, plan.silentLinks()).run(plan.silences());
  }

  private Map<String, Map<Integer, MassDeath.Times>> massDeath() throws IOException {
    Map<String, Map<Integer, MassDeath.Times>> result = new LinkedHashMap<>();
    int most = plan.deaths().stream().mapToInt(Plan.Deaths::links).max().orElse(0);
    if (most == 0) {
      return result;
    }
    try (MassDeath massDeath = new MassDeath(fitFor(1), most)) {
      for (Plan.Deaths deaths : plan.deaths()) {
        progress.println(
            "3. " + deaths.links() + " links die at once, " + deaths.rounds() + " times");
        massDeath.run(deaths.links(), deaths.rounds(), fitFor(deaths.links()), result);
      }
    }
    return result;
  }

  private List<String> fitFor(int links) {
    return contenders.stream()
        .filter(contender -> links <= MAX_LINK_THREADS || !contender.isThreadPerLink())
        .map(Contender::key)
        .toList();
  }

  private Map<String, IdleCost> idle() throws IOException {
    if (plan.idleLinks() == 0) {
      return Map.of();
    }
    progress.println("4. nothing happens on " + plan.idleLinks() + " links");
    Map<String, Integer> links = new LinkedHashMap<>();
    for (Contender contender : contenders) {
      int most = contender.isThreadPerLink() ? MAX_LINK_THREADS : Integer.MAX_VALUE;
      links.put(contender.key(), Math.min(most, plan.idleLinks()));
    }
    links.put(Idle.SUSPICION, plan.idleLinks());
    return Idle.run(links, plan.idleTime());
  }

  private Map<String, Samples> openClose() throws IOException {
    if (plan.openCloseTurns() == 0) {
      return Map.of();
    }
    progress.println("5. open and close");
    return new OpenClose().run(plan.openCloseTurns(), plan.openCloseTurns(), TURN);
  }

  private Map<String, Samples> besideBfd() throws Exception {
    if (plan.cuts() == 0) {
      return Map.of();
    }
    if (!Lab.isAvailable() || !BfdSession.isAvailable()) {
      progress.println("6. left out: it takes a lab and keepalived");
      return Map.of();
    }
    progress.println("6. silent cuts, beside BFD");
    return new BesideBfd(plan.cuts(), 0).run();
  }
}
