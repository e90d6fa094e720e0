package io.github.keepalive4j.soak.takeover;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/**
 * What a run does.
 *
 * @param jar the command, {@code keepalive.jar}
 * @param folder for the records of the workload and the logs of all sides
 * @param liveHolder the backups' {@code --live-holder}
 * @param injuries what befalls the holder in each round
 * @param stopEvery in each round whose number is a multiple of this, the ensemble is stopped as
 *     well; 0 for none
 */
record Plan(Path jar, Path folder, String liveHolder, List<Injury> injuries, int stopEvery) {
  static final int STOP_EVERY = 3;
  static final String AWAIT = "await";

  /** Returns injuries for so many rounds: all once in a random order, then again, and so on. */
  static List<Injury> shuffled(List<Injury> all, int rounds, long seed) {
    Random random = new Random(seed);
    List<Injury> sequence = new ArrayList<>();
    while (sequence.size() < rounds) {
      List<Injury> turn = new ArrayList<>(all);
      Collections.shuffle(turn, random);
      sequence.addAll(turn);
    }
    return sequence.subList(0, rounds);
  }

  int rounds() {
    return injuries.size();
  }

  Injury injury(int round) {
    return injuries.get(round - 1);
  }

  boolean stopsEnsemble(int round) {
    return stopEvery > 0 && round % stopEvery == 0;
  }
}
