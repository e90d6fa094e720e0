package io.github.keepalive4j.bench.measure;

import com.sun.management.ThreadMXBean;
import io.github.keepalive4j.bench.peer.Ending;
import io.github.keepalive4j.bench.peer.Killer;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;

/**
 * What measurement 1 allocates: the heap that all threads but the driver's take from the death of a
 * peer until the link is closed. Runs after the warm-up, when all classes are loaded.
 */
public final class Allocation {
  private static final Duration SETTLING = Duration.ofMillis(3);
  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  private final Killer killer;
  private final Subjects subjects;

  public Allocation(Killer killer, Subjects subjects) {
    this.killer = killer;
    this.subjects = subjects;
  }

  /** Returns the bytes of each of some resets, by subject. */
  public Map<String, Samples> run(int events) throws IOException {
    Map<String, Samples> bytes = new LinkedHashMap<>();
    try (Trial trial = new Trial(killer, subjects.stamps(), new Random())) {
      for (String key : subjects.keys()) {
        Samples samples = new Samples(events);
        for (int event = 0; event < events; event++) {
          samples.add(oneEvent(trial, key));
        }
        bytes.put(key, samples);
      }
    }
    return bytes;
  }

  private long oneEvent(Trial trial, String key) throws IOException {
    trial.clear();
    int slot = trial.prepare(subjects.get(key));
    Pause.sleep(SETTLING);
    Map<Long, Long> before = allocatedByOthers();
    trial.kill(slot, Ending.RESET);
    Pause.sleep(SETTLING);
    long bytes = 0;
    for (Map.Entry<Long, Long> thread : allocatedByOthers().entrySet()) {
      bytes += thread.getValue() - before.getOrDefault(thread.getKey(), 0L);
    }
    return bytes;
  }

  private static Map<Long, Long> allocatedByOthers() {
    long[] ids = THREADS.getAllThreadIds();
    long[] bytes = THREADS.getThreadAllocatedBytes(ids);
    Map<Long, Long> allocated = new HashMap<>();
    for (int i = 0; i < ids.length; i++) {
      if (ids[i] != Thread.currentThread().getId() && bytes[i] >= 0) {
        allocated.put(ids[i], bytes[i]);
      }
    }
    return allocated;
  }
}
