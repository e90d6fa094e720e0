package io.github.keepalive4j.bench.measure;

import io.github.keepalive4j.bench.peer.Ending;
import io.github.keepalive4j.bench.peer.Killer;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * Measurement 1: a peer's process dies. In every round each subject has one trial of each ending,
 * in random order, so that other load on the machine affects all alike. The links of a round are
 * set up before its first death. Otherwise a subject woken by its own set-up would have its code in
 * the processor's caches, and others would not.
 */
public final class PeerDeath {
  private final Killer killer;
  private final Subjects subjects;
  private final Random random = new Random();

  private record Turn(String key, Ending ending) {}

  /**
   * Prepares the measurement.
   *
   * @param killer opened before the subjects, because it assigns their cores
   * @param subjects with as many stamps as a round has {@link #slots}
   */
  public PeerDeath(Killer killer, Subjects subjects) {
    this.killer = killer;
    this.subjects = subjects;
  }

  /** Returns how many links a round has. */
  public static int slots(int subjects) {
    return subjects * Ending.values().length;
  }

  /**
   * Runs until the rounds are done or the time is over, after a warm-up bounded in the same way.
   *
   * @return every sample in ns, by ending and subject
   */
  public Map<Ending, Map<String, Samples>> run(
      int warmUpRounds, Duration warmUpTime, int rounds, Duration time) throws IOException {
    try (Trial trial = new Trial(killer, subjects.stamps(), random)) {
      inTurns(
          trial,
          warmUpRounds,
          warmUpTime,
          victim -> trial.killAtOnce(victim.slot(), victim.turn().ending()));
      Map<Ending, Map<String, Samples>> samples = empty(rounds);
      inTurns(
          trial,
          rounds,
          time,
          victim -> {
            Turn turn = victim.turn();
            long latencyNs = trial.kill(victim.slot(), turn.ending());
            samples.get(turn.ending()).get(turn.key()).add(latencyNs);
          });
      return samples;
    }
  }

  private record Victim(int slot, Turn turn) {}

  private interface Death {
    void come(Victim victim) throws IOException;
  }

  private void inTurns(Trial trial, int rounds, Duration time, Death death) throws IOException {
    List<Turn> turns = turns();
    long deadline = System.nanoTime() + time.toNanos();
    for (int round = 0; round < rounds && System.nanoTime() < deadline; round++) {
      List<Victim> victims = prepare(trial, turns);
      Collections.shuffle(victims, random);
      for (Victim victim : victims) {
        death.come(victim);
      }
    }
  }

  private List<Victim> prepare(Trial trial, List<Turn> turns) throws IOException {
    trial.clear();
    Collections.shuffle(turns, random);
    List<Victim> victims = new ArrayList<>();
    for (Turn turn : turns) {
      victims.add(new Victim(trial.prepare(subjects.get(turn.key())), turn));
    }
    return victims;
  }

  private List<Turn> turns() {
    List<Turn> turns = new ArrayList<>();
    for (Ending ending : Ending.values()) {
      for (String key : subjects.keys()) {
        turns.add(new Turn(key, ending));
      }
    }
    return turns;
  }

  private Map<Ending, Map<String, Samples>> empty(int rounds) {
    Map<Ending, Map<String, Samples>> samples = new EnumMap<>(Ending.class);
    for (Ending ending : Ending.values()) {
      Map<String, Samples> byKey = new LinkedHashMap<>();
      for (String key : subjects.keys()) {
        byKey.put(key, new Samples(rounds));
      }
      samples.put(ending, byKey);
    }
    return samples;
  }
}
