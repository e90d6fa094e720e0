package io.github.keepalive4j.bench.measure;

import io.github.keepalive4j.bench.peer.Ending;
import io.github.keepalive4j.bench.peer.PeerProcess;
import io.github.keepalive4j.bench.subject.Stamps;
import io.github.keepalive4j.bench.subject.Subject;
import java.io.IOException;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;

/**
 * Measurement 3: everything dies at once. The process that holds the other end of all links is
 * killed, and its kernel resets them one after the other.
 */
public final class MassDeath {
  private static final Duration TIMEOUT = Duration.ofSeconds(60);
  private static final Duration SETTLING = Duration.ofMillis(100);

  private final Subjects subjects;
  private final Random random = new Random();

  /** Times from just before the kill, over the trials with one number of links. */
  public record Times(Samples first, Samples last) {}

  public MassDeath(Subjects subjects) {
    this.subjects = subjects;
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

  private void trial(Subject subject, int links, Times times) throws IOException {
    Stamps stamps = subjects.stamps();
    stamps.clear();
    try (PeerProcess peer = PeerProcess.mortal(Ending.RESET)) {
      for (int slot = 0; slot < links; slot++) {
        subject.watch(peer.at(InetAddress.getLoopbackAddress()), slot);
      }
      peer.awaitAccepted(links);
      Pause.sleep(SETTLING);
      long killedNs = peer.kill();
      stamps.await(links, TIMEOUT);
      times.first().add(stamps.first(links) - killedNs);
      times.last().add(stamps.last(links) - killedNs);
    }
    Pause.sleep(SETTLING);
  }
}
