package io.github.keepalive4j.soak.idle;

import io.github.keepalive4j.testkit.CommandException;
import io.github.keepalive4j.testkit.Fault;
import io.github.keepalive4j.testkit.Host;
import io.github.keepalive4j.testkit.Lab;
import io.github.keepalive4j.testkit.ManagedProcess;
import io.github.keepalive4j.testkit.OutputLine;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A source and a backup on hosts of their own, cut off from each other again and again. The
 * backup's process is a new one each time: a user's fails over once.
 */
final class Pair implements CutPair<Cut> {
  private static final String SOURCE = "source";
  private static final String BACKUP = "backup";
  private static final Duration LIMIT = Duration.ofSeconds(60);
  private static final long POLL_MS = 5;
  private static final Pattern EVENT = Pattern.compile("\"monotonicNs\":(\\d+)");
  private static final Pattern VERDICT = Pattern.compile("\"verdictNs\":(\\d+)");

  private final Lab lab;
  private final Path folder;
  private final Programs programs;
  private final String[] watch;
  private int commands; // that have put their time on record
  private int floors;

  private Pair(Lab lab, Plan plan, Programs programs, Path folder) throws Exception {
    this.lab = lab;
    this.folder = folder;
    this.programs = programs;
    Host host = lab.host(SOURCE);
    String address = host.ipv4().getHostAddress();
    ManagedProcess source = host.start(command(plan, plan.serve(address)));
    source.awaitLine("\"event\":\"listening\"", LIMIT);
    watch = command(plan, plan.watch(address, stampInto(commandTimes())));
  }

  static Pair open(Plan plan, Programs programs, Path folder) throws Exception {
    Files.createDirectories(folder);
    Lab lab = Lab.open(SOURCE, BACKUP);
    Pair pair = null;
    try {
      pair = new Pair(lab, plan, programs, folder);
      return pair;
    } finally {
      if (pair == null) {
        lab.close();
      }
    }
  }

  private static String[] command(Plan plan, List<String> arguments) {
    List<String> command = new ArrayList<>();
    command.add(System.getProperty("java.home") + "/bin/java");
    command.addAll(List.of("-jar", plan.jar().toAbsolutePath().toString()));
    command.addAll(arguments);
    return command.toArray(String[]::new);
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
  public Cut cut(long ageMs) throws Exception {
    ManagedProcess backup = lab.host(BACKUP).start(watch);
    backup.awaitLine("\"event\":\"up\"", LIMIT);
    TimeUnit.MILLISECONDS.sleep(ageMs);
    Fault fault = lab.host(SOURCE).drop();
    OutputLine event = backup.awaitLine("\"event\":\"failover\"", LIMIT);
    long commandNs = next(commandTimes(), ++commands);
    fault.close();
    return new Cut(
        ageMs,
        ms(number(VERDICT, event) - fault.effectiveNs()),
        ms(number(EVENT, event) - fault.effectiveNs()),
        ms(commandNs - fault.effectiveNs()),
        floorMs(ageMs));
  }

  /** It has the same time to fall asleep. */
  private double floorMs(long ageMs)
      throws IOException, InterruptedException, CommandException, TimeoutException {
    ManagedProcess release =
        lab.host(BACKUP)
            .start(programs.release().toString(), Long.toString(ageMs), stampInto(floorTimes()));
    long writtenNs = Long.parseLong(release.awaitLine("\\d+", LIMIT).text());
    return ms(next(floorTimes(), ++floors) - writtenNs);
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

  private static long number(Pattern pattern, OutputLine line) throws IOException {
    Matcher matcher = pattern.matcher(line.text());
    if (!matcher.find()) {
      throw new IOException("no " + pattern + " in " + line.text());
    }
    return Long.parseLong(matcher.group(1));
  }

  private static double ms(long ns) {
    return ns / 1e6;
  }

  @Override
  public void close() throws IOException {
    lab.close();
  }
}
