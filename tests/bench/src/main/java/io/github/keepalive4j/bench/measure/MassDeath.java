package io.github.keepalive4j.bench.measure;

import io.github.keepalive4j.bench.peer.Ending;
import io.github.keepalive4j.bench.peer.PeerProcess;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;

/**
 * Measurement 3: everything dies at once. The kernel takes 17 µs to reset each link of a killed
 * process, longer than most subjects take to report it. So the subject is stopped meanwhile, and
 * sees all resets at one instant. The time runs from when it resumes.
 */
public final class MassDeath implements AutoCloseable {
  private static final Duration SETTLING = Duration.ofMillis(100);

  private final Map<String, HeldSubject> subjects = new LinkedHashMap<>();
  private final Random random = new Random();

  /** Times from when the subject resumed, over the trials with one number of links. */
  public record Times(Samples first, Samples last) {}

  /** Starts the subjects with these keys, for at most this many links. */
  public MassDeath(Collection<String> keys, int mostLinks) throws IOException {
    for (String key : keys) {
      subjects.put(key, new HeldSubject(key, mostLinks));
    }
  }

  /** Runs rounds with one number of links for some of the subjects, and adds to the result. */
  public void run(int links, int rounds, List<String> keys, Map<String, Map<Integer, Times>> result)
      throws IOException {
    Map<String, Times> times = new LinkedHashMap<>();
    for (String key : keys) {
      times.put(key, new Times(new Samples(rounds), new Samples(rounds)));
      result.computeIfAbsent(key, ignored -> new TreeMap<>()).put(links, times.get(key));
    }
    List<String> turns = new ArrayList<>(keys);
    for (int round = 0; round < rounds; round++) {
      Collections.shuffle(turns, random);
      for (String key : turns) {
        trial(subjects.get(key), links, times.get(key));
      }
    }
  }

  private static void trial(HeldSubject subject, int links, Times times) throws IOException {
    try (PeerProcess peer = PeerProcess.mortal(Ending.RESET)) {
      subject.watch(peer.port(), links);
      peer.awaitAccepted(links);
      Pause.sleep(SETTLING);
      subject.hold();
    } // close() returns when the process has ended and reset all its links
    long releasedNs = subject.release();
    long[] stampsNs = subject.awaitFailures();
    times.first().add(stampsNs[0] - releasedNs);
    times.last().add(stampsNs[1] - releasedNs);
    Pause.sleep(SETTLING);
  }

  @Override
  public void close() throws IOException {
    for (HeldSubject subject : subjects.values()) {
      subject.close();
    }
  }
}
