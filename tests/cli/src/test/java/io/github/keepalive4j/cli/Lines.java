package io.github.keepalive4j.cli;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/** What a process writes on one of its streams, collected. */
public final class Lines {
  private final List<String> lines = new ArrayList<>();
  private final Thread reader;
  private boolean ended;

  Lines(InputStream stream) {
    reader = new Thread(() -> collect(stream), "lines");
    reader.setDaemon(true);
    reader.start();
  }

  public synchronized List<String> all() {
    return List.copyOf(lines);
  }

  public String text() {
    return String.join("\n", all());
  }

  /** Waits for a line, which may already be there; empty if the output ends or the time does. */
  public synchronized Optional<String> await(Predicate<String> wanted, Duration timeout)
      throws InterruptedException {
    long deadlineNs = System.nanoTime() + timeout.toNanos();
    for (int seen = 0; ; ) {
      for (; seen < lines.size(); seen++) {
        if (wanted.test(lines.get(seen))) {
          return Optional.of(lines.get(seen));
        }
      }
      long leftNs = deadlineNs - System.nanoTime();
      if (ended || leftNs <= 0) {
        return Optional.empty();
      }
      TimeUnit.NANOSECONDS.timedWait(this, leftNs);
    }
  }

  void awaitEnd() throws InterruptedException {
    reader.join();
  }

  private void collect(InputStream stream) {
    try (BufferedReader lineReader =
        new BufferedReader(new InputStreamReader(stream, StandardCharsets.UTF_8))) {
      for (String line = lineReader.readLine(); line != null; line = lineReader.readLine()) {
        add(line);
      }
    } catch (IOException e) {
      add("the stream failed: " + e);
    } finally {
      end();
    }
  }

  private synchronized void add(String line) {
    lines.add(line);
    notifyAll();
  }

  private synchronized void end() {
    ended = true;
    notifyAll();
  }
}
