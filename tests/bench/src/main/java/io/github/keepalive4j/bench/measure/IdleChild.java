package io.github.keepalive4j.bench.measure;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.keepalive4j.bench.peer.BenchLibrary;
import io.github.keepalive4j.bench.peer.Ending;
import io.github.keepalive4j.bench.peer.PeerProcess;
import io.github.keepalive4j.bench.subject.Contender;
import io.github.keepalive4j.bench.subject.MonitorSubject;
import io.github.keepalive4j.bench.subject.Stamps;
import io.github.keepalive4j.bench.subject.Subject;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;

/** The JVM of {@link Idle}: one subject, and nothing else that could add to its cost. */
public final class IdleChild {
  static final String SUSPICION = "nativeSuspicion";

  /** Links opened first, so that one-time costs are not counted for the others. */
  private static final int WARM_UP_LINKS = 200;

  private static final Duration SETTLING = Duration.ofSeconds(2);

  private final Stamps stamps;
  private final int links;
  private final Duration time;

  private record Memory(long heap, long malloc, long resident) {}

  private IdleChild(int links, Duration time) {
    this.stamps = new Stamps(WARM_UP_LINKS + links);
    this.links = links;
    this.time = time;
  }

  /** Takes the subject's key, the number of links and the time in ms, and prints JSON. */
  public static void main(String[] arguments) throws IOException {
    IdleChild child =
        new IdleChild(
            Integer.parseInt(arguments[1]), Duration.ofMillis(Long.parseLong(arguments[2])));
    System.out.println(new ObjectMapper().writeValueAsString(child.measure(arguments[0])));
    System.exit(0);
  }

  private Subject open(String key) throws IOException {
    return key.equals(SUSPICION)
        ? MonitorSubject.withSuspicion(stamps)
        : Contender.of(key).open(stamps);
  }

  private IdleCost measure(String key) throws IOException {
    try (PeerProcess peer = PeerProcess.mortal(Ending.RESET)) {
      memory(); // the one-time cost of measuring is not counted
      ProcessFiles.usage(ProcessFiles.threads());
      Set<String> others = ProcessFiles.threads();
      Subject subject = open(key);
      watch(subject, peer, 0, WARM_UP_LINKS);
      Memory before = memory();
      watch(subject, peer, WARM_UP_LINKS, links);
      Memory after = memory();
      Set<String> threads = new HashSet<>(ProcessFiles.threads());
      threads.removeAll(others);
      ProcessFiles.Usage start = ProcessFiles.usage(threads);
      Pause.sleep(time);
      ProcessFiles.Usage end = ProcessFiles.usage(threads);
      return cost(threads.size(), before, after, start, end);
    }
  }

  private static void watch(Subject subject, PeerProcess peer, int firstSlot, int count)
      throws IOException {
    for (int slot = firstSlot; slot < firstSlot + count; slot++) {
      subject.watch(peer.at(InetAddress.getLoopbackAddress()), slot);
    }
    peer.awaitAccepted(firstSlot + count);
    Pause.sleep(SETTLING);
  }

  private static Memory memory() throws IOException {
    for (int i = 0; i < 3; i++) {
      System.gc();
    }
    long heap = ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    return new Memory(heap, BenchLibrary.kb_malloc_used(), ProcessFiles.residentBytes());
  }

  private IdleCost cost(
      int threads, Memory before, Memory after, ProcessFiles.Usage start, ProcessFiles.Usage end) {
    return new IdleCost(
        links,
        time.toMillis() / 1e3,
        threads,
        end.wakeUps() - start.wakeUps(),
        (end.cpuNs() - start.cpuNs()) / 1e6,
        perLink(before.heap(), after.heap()),
        perLink(before.malloc(), after.malloc()),
        perLink(before.resident(), after.resident()));
  }

  private double perLink(long before, long after) {
    return (after - before) / (double) links;
  }
}
