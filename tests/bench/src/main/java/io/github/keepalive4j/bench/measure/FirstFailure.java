package io.github.keepalive4j.bench.measure;

import io.github.keepalive4j.bench.peer.Ending;
import io.github.keepalive4j.bench.peer.Killer;
import io.github.keepalive4j.bench.peer.LocalPeer;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * Measurement 7: the first failure that a JVM ever sees, as in a real failover. The time includes
 * loading, linking and interpreting the code.
 */
public final class FirstFailure {
  /** Time for the subject to become idle. */
  private static final Duration SETTLING = Duration.ofMillis(100);

  private final Killer killer;
  private final Random random = new Random();

  /** Prepares the measurement. */
  public FirstFailure(Killer killer) {
    this.killer = killer;
  }

  /** Returns the times from the peer's close to the subject's stamp in ns, one sample a JVM. */
  public Map<String, Samples> run(Collection<String> keys, int rounds) throws IOException {
    Map<String, Samples> samples = new LinkedHashMap<>();
    keys.forEach(key -> samples.put(key, new Samples(rounds)));
    List<String> turns = new ArrayList<>(keys);
    for (int round = 0; round < rounds; round++) {
      Collections.shuffle(turns, random);
      for (String key : turns) {
        samples.get(key).add(trial(key));
      }
    }
    return samples;
  }

  private long trial(String key) throws IOException {
    try (LocalPeer peer = new LocalPeer();
        HeldSubject subject = new HeldSubject(key, 1)) {
      subject.watch(peer.port(), 1);
      long killedNs = killer.kill(peer.accept(), Ending.RESET, SETTLING.toNanos());
      return subject.awaitFailures()[0] - killedNs;
    }
  }
}
