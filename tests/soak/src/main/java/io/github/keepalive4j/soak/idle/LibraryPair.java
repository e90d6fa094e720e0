package io.github.keepalive4j.soak.idle;

import io.github.keepalive4j.soak.program.Programs;
import io.github.keepalive4j.soak.program.SourceProgram;
import io.github.keepalive4j.testkit.Fault;
import io.github.keepalive4j.testkit.Lab;
import io.github.keepalive4j.testkit.ManagedProcess;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * A source, and a backup that is a user's program with a large heap. A full collection begins at a
 * random moment around each cut. The backup's process is a new one each time.
 */
final class LibraryPair implements CutPair<LibraryCut> {
  private static final String SOURCE = "source";
  private static final String BACKUP = "backup";
  private static final String UP = "^" + LibraryProgram.UP;
  private static final Duration LIMIT = Duration.ofSeconds(60);
  private static final List<String> JVM = List.of("-Xms1200m", "-Xmx1200m");

  private static final long AROUND_NS = TimeUnit.MILLISECONDS.toNanos(LibraryCut.AROUND_MS);

  /** For telling the program when to collect. */
  private static final long LEAD_NS = TimeUnit.MILLISECONDS.toNanos(100);

  private final Lab lab;
  private final Turns turns;
  private final Path folder;
  private final Random random;
  private long cutTakesNs = TimeUnit.MILLISECONDS.toNanos(10); // as the last one did
  private int cuts;

  private LibraryPair(Lab lab, Turns turns, Path folder, Random random) {
    this.lab = lab;
    this.turns = turns;
    this.folder = folder;
    this.random = random;
  }

  static LibraryPair open(Turns turns, Path folder, Random random) throws Exception {
    Files.createDirectories(folder);
    Lab lab = Lab.open(SOURCE, BACKUP);
    boolean open = false;
    try {
      Programs.source(lab.host(SOURCE));
      open = true;
      return new LibraryPair(lab, turns, folder, random);
    } finally {
      if (!open) {
        lab.close();
      }
    }
  }

  @Override
  public LibraryCut cut(String budget, long ageMs) throws Exception {
    try (ManagedProcess backup = turns.start(() -> start(budget))) {
      TimeUnit.MILLISECONDS.sleep(ageMs);
      return turns.measure(() -> cut(budget, backup));
    }
  }

  private ManagedProcess start(String budget) throws Exception {
    ManagedProcess backup =
        lab.host(BACKUP)
            .startJava(
                JVM,
                LibraryProgram.class,
                lab.host(SOURCE).ipv4().getHostAddress(),
                Integer.toString(SourceProgram.PORT),
                Long.toString(Plan.time(budget).toMillis()),
                folder.resolve("journal" + ++cuts).toString());
    backup.awaitLine(UP, LIMIT);
    return backup;
  }

  private LibraryCut cut(String budget, ManagedProcess backup) throws Exception {
    long upNs = backup.awaitLine(UP, LIMIT).arrivedNs();
    long cutNs = System.nanoTime() + LEAD_NS;
    say(backup, cutNs + random.nextLong(-AROUND_NS, AROUND_NS + 1));
    TimeUnit.NANOSECONDS.sleep(cutNs - cutTakesNs - System.nanoTime());
    try (Fault fault = lab.host(SOURCE).drop()) {
      cutTakesNs = fault.effectiveNs() - fault.startedNs();
      long[] failed = times(backup, LibraryProgram.FAILED, fault);
      long[] collected = times(backup, LibraryProgram.COLLECTED, fault);
      return new LibraryCut(
          budget,
          ms(fault.startedNs() - upNs),
          ms(cutTakesNs),
          ms(collected[0]),
          ms(collected[1] - collected[0]),
          ms(failed[0]),
          ms(failed[1]),
          failed[0] < fault.startedNs() - fault.effectiveNs());
    }
  }

  private static void say(ManagedProcess backup, long timeNs) throws IOException {
    backup.stdin().write((timeNs + "\n").getBytes(StandardCharsets.UTF_8));
    backup.stdin().flush();
  }

  /** Returns the times of a line, from the end of the command that cut. */
  private static long[] times(ManagedProcess backup, String event, Fault fault) throws Exception {
    String line = backup.awaitLine("^" + event + " ", LIMIT).text();
    return Stream.of(line.split(" ", -1))
        .skip(1)
        .mapToLong(time -> Long.parseLong(time) - fault.effectiveNs())
        .toArray();
  }

  private static double ms(long ns) {
    return ns / 1e6;
  }

  @Override
  public void close() throws IOException {
    lab.close();
  }
}
