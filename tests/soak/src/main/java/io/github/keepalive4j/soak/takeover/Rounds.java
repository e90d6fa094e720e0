package io.github.keepalive4j.soak.takeover;

import io.github.keepalive4j.testkit.Fault;
import io.github.keepalive4j.zookeeper.LabEnsemble;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** Injures whoever holds the claim, again and again, and sets nothing up anew. */
final class Rounds {
  /** How long one workload must have run alone before it counts. */
  private static final Duration SETTLED = Duration.ofSeconds(2);

  /** A session of 6 s, detection, and the restarts of JVMs on a busy machine. */
  private static final Duration LIMIT = Duration.ofSeconds(60);

  private static final Duration ENSEMBLE_STOPPED = Duration.ofSeconds(10);
  private static final long POLL_MS = 50;

  private final Plan plan;
  private final Site site;
  private final List<Round> rounds = new ArrayList<>();

  private Rounds(Plan plan, Site site) {
    this.plan = plan;
    this.site = site;
  }

  /** Plays the rounds; a round after which there isn't one holder is the last. */
  static Result play(Plan plan) throws IOException, InterruptedException {
    try (Site site = Site.open(plan)) {
      Rounds played = new Rounds(plan, site);
      Optional<Run> settled = played.awaitOne(0);
      for (int number = 1; settled.isPresent() && number <= plan.rounds(); number++) {
        settled = played.play(number, settled.get());
      }
      return Result.of(site.workload().runs(), played.rounds, plan.rounds());
    }
  }

  private Optional<Run> play(int number, Run running) throws IOException, InterruptedException {
    Injury injury = plan.injury(number);
    boolean stop = plan.stopsEnsemble(number);
    Unit holder = site.unit(running.host());
    long startNs = System.nanoTime();
    List<Fault> faults = injury.inflict(holder, site.ensemble().hosts());
    if (stop) {
      stopEnsemble(number);
    }
    awaitNew(startNs);
    faults.forEach(Fault::close);
    Optional<Run> settled = awaitOne(startNs);
    long endNs = settled.map(Run::lastNs).orElseGet(System::nanoTime);
    Round round = new Round(number, injury, stop, startNs, endNs);
    rounds.add(round);
    System.err.printf(
        "%s: %s; after %.1f s run %s%n",
        round, holder.host(), (round.endNs() - startNs) / 1e9, running());
    return settled;
  }

  /** Kills the servers, or in every other case lets them hang. */
  private void stopEnsemble(int number) throws IOException, InterruptedException {
    LabEnsemble ensemble = site.ensemble();
    boolean hang = number / Math.max(1, plan.stopEvery()) % 2 == 0;
    List<Fault> faults = new ArrayList<>();
    for (int server = 0; server < ensemble.hosts().size(); server++) {
      if (hang) {
        faults.add(ensemble.pause(server));
      } else {
        ensemble.kill(server);
      }
    }
    TimeUnit.NANOSECONDS.sleep(ENSEMBLE_STOPPED.toNanos());
    faults.forEach(Fault::close);
    for (int server = 0; !hang && server < ensemble.hosts().size(); server++) {
      ensemble.restart(server);
    }
  }

  private List<Run> running() throws IOException {
    return site.workload().running();
  }

  /** Waits until one runs that started since then. */
  private void awaitNew(long sinceNs) throws IOException, InterruptedException {
    long deadlineNs = System.nanoTime() + LIMIT.toNanos();
    while (System.nanoTime() < deadlineNs
        && running().stream().noneMatch(run -> run.startNs() >= sinceNs)) {
      TimeUnit.MILLISECONDS.sleep(POLL_MS);
    }
  }

  /** Waits until one that started since then has run alone for long enough, and returns it. */
  private Optional<Run> awaitOne(long sinceNs) throws IOException, InterruptedException {
    long deadlineNs = System.nanoTime() + LIMIT.toNanos();
    long aloneSinceNs = System.nanoTime();
    Run alone = null;
    while (System.nanoTime() < deadlineNs) {
      List<Run> now = running();
      Run one = now.size() == 1 && now.get(0).startNs() >= sinceNs ? now.get(0) : null;
      if (one == null || alone == null || one.token() != alone.token()) {
        aloneSinceNs = System.nanoTime();
      } else if (System.nanoTime() - aloneSinceNs >= SETTLED.toNanos()) {
        return Optional.of(one);
      }
      alone = one;
      TimeUnit.MILLISECONDS.sleep(POLL_MS);
    }
    return Optional.empty();
  }
}
