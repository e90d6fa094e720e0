package io.github.keepalive4j.soak.idle;

import io.github.keepalive4j.testkit.Lab;
import io.github.keepalive4j.testkit.ManagedProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A source and a backup on hosts of their own, whose link ends again and again. The backup's
 * process is a new one each time: a user's fails over once.
 */
final class Pair implements CutPair<Cut> {
  private static final String SOURCE = "source";
  private static final String BACKUP = "backup";
  private static final Duration LIMIT = Duration.ofSeconds(60);
  private static final long POLL_MS = 5;
  private static final String UP = "\"event\":\"up\"";

  private final Lab lab;
  private final Plan plan;
  private final Programs programs;
  private final Turns turns;
  private final Path folder;
  private final Source source;
  private int commands; // that have put their time on record
  private int floors;

  private Pair(Lab lab, Plan plan, Programs programs, Turns turns, Path folder) {
    this.lab = lab;
    this.plan = plan;
    this.programs = programs;
    this.turns = turns;
    this.folder = folder;
    this.source = new Source(lab.host(SOURCE), plan, programs, folder);
  }

  static Pair open(Plan plan, Programs programs, Turns turns, Path folder) throws IOException {
    Files.createDirectories(folder);
    return new Pair(Lab.open(SOURCE, BACKUP), plan, programs, turns, folder);
  }

  private Path commandTimes() {
    return folder.resolve("commands");
  }

  private Path floorTimes() {
    return folder.resolve("floors");
  }

  private String stampInto(Path file) {
    return "exec " + programs.stamp() + " " + file;
  }

  @Override
  public Cut cut(String budget, long ageMs) throws Exception {
    double floorMs = floorMs(ageMs);
    ManagedProcess backup = turns.start(() -> startBoth(budget));
    TimeUnit.MILLISECONDS.sleep(ageMs);
    Cut cut = turns.measure(() -> end(budget, backup, floorMs));
    turns.start(this::recover);
    return cut;
  }

  /** It has the same time to fall asleep. */
  private double floorMs(long ageMs) throws Exception {
    ManagedProcess release =
        lab.host(BACKUP).start(programs.release().toString(), stampInto(floorTimes()));
    TimeUnit.MILLISECONDS.sleep(ageMs);
    return turns.measure(() -> release(release));
  }

  private double release(ManagedProcess release) throws Exception {
    release.stdin().write('\n');
    release.stdin().flush();
    long writtenNs = Long.parseLong(release.awaitLine("\\d+", LIMIT).text());
    return ms(next(floorTimes(), ++floors) - writtenNs);
  }

  private ManagedProcess startBoth(String budget) throws Exception {
    source.beReady();
    String[] watch = plan.watch(source.address(), budget, stampInto(commandTimes()));
    ManagedProcess backup = lab.host(BACKUP).start(watch);
    backup.awaitLine(UP, LIMIT);
    return backup;
  }

  private Cut end(String budget, ManagedProcess backup, double floorMs) throws Exception {
    long upNs = backup.awaitLine(UP, LIMIT).arrivedNs();
    Ended ended = source.end();
    String event = backup.awaitLine("\"event\":\"failover\"", LIMIT).text();
    long commandNs = next(commandTimes(), ++commands);
    double ageMs = ms(ended.startedNs() - upNs);
    return FailoverEvent.parse(event).after(ended, budget, ageMs, commandNs, floorMs);
  }

  private boolean recover() throws IOException {
    source.recover();
    return true;
  }

  private static long next(Path file, int number) throws IOException, InterruptedException {
    long deadlineNs = System.nanoTime() + LIMIT.toNanos();
    while (System.nanoTime() < deadlineNs) {
      List<String> lines = Files.exists(file) ? Files.readAllLines(file) : List.of();
      if (lines.size() >= number) {
        return Long.parseLong(lines.get(number - 1));
      }
      TimeUnit.MILLISECONDS.sleep(POLL_MS);
    }
    throw new IOException("no line " + number + " in " + file);
  }

  private static double ms(long ns) {
    return ns / 1e6;
  }

  @Override
  public void close() throws IOException {
    lab.close();
  }
}
