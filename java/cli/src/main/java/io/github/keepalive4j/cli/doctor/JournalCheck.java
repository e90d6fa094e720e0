package io.github.keepalive4j.cli.doctor;

import io.github.keepalive4j.cli.doctor.Finding.Outcome;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;

/**
 * Whether a journal's disk takes lines in time. A process of its own writes: the kernel keeps one
 * whose write hangs until the disk is back, and this one must end.
 */
final class JournalCheck implements Check {
  private static final double NS_PER_MS = 1e6;

  private final Path journal;
  private final Duration timeout;

  JournalCheck(Path journal, Duration timeout) {
    this.journal = journal;
    this.timeout = timeout;
  }

  @Override
  public String subject() {
    return journal.toString();
  }

  @Override
  public String name() {
    return "journal";
  }

  @Override
  public void run(Consumer<Finding> found) throws IOException {
    Process process = start();
    process.getOutputStream().close();
    try (BufferedReader answer =
        new BufferedReader(
            new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
      String line = answer.readLine();
      if (line == null) {
        found.accept(finding(Outcome.FAILED, "the process that tries the disk has died"));
      } else if (line.startsWith(ScratchFile.TOOK)) {
        found.accept(judge(Long.parseLong(line.substring(ScratchFile.TOOK.length()))));
      } else {
        found.accept(finding(Outcome.FAILED, line));
      }
    }
  }

  private Process start() throws IOException {
    return new ProcessBuilder(
            List.of(
                System.getProperty("java.home") + "/bin/java",
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-cp",
                System.getProperty("java.class.path"),
                ScratchFile.class.getName(),
                journal.toString()))
        .redirectErrorStream(true)
        .start();
  }

  private Finding judge(long tookNs) {
    String took = String.format(Locale.ROOT, "a line takes %.1f ms", tookNs / NS_PER_MS);
    String limit = "the " + timeout.toMillis() + " ms for which a failover waits";
    return tookNs <= timeout.toNanos()
        ? finding(Outcome.OK, took + ", within " + limit)
        : finding(Outcome.WARNING, took + ", longer than " + limit);
  }
}
