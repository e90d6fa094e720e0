package io.github.keepalive4j.testkit;

import static java.util.stream.Collectors.joining;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/**
 * What a process writes on one of its streams, collected from the start. Any thread may call the
 * methods.
 */
public final class Output {
  private final List<OutputLine> lines = new ArrayList<>();
  private int next; // guarded by this: the line after the last that a wait returned
  private final CompletableFuture<Void> ended = new CompletableFuture<>();

  Output(InputStream stream, String threadName) {
    Thread reader = new Thread(() -> collect(stream), threadName);
    reader.setDaemon(true);
    reader.start();
  }

  /** Returns the lines so far, oldest first. */
  public synchronized List<OutputLine> lines() {
    return List.copyOf(lines);
  }

  /** Returns the lines so far as one text. Each line ends with a line feed. */
  public String text() {
    return lines().stream().map(line -> line.text() + "\n").collect(joining());
  }

  /**
   * Waits for a line, which may already be there. To wait for a later one, test {@link
   * OutputLine#arrivedNs} too.
   *
   * @param wanted tells whether a line is the one
   * @param timeout the longest to wait
   * @return the first such line; empty if the time ran out or the output ended without it
   * @throws InterruptedException if the thread is interrupted while it waits
   */
  public Optional<OutputLine> await(Predicate<? super OutputLine> wanted, Duration timeout)
      throws InterruptedException {
    return awaitFrom(0, wanted, timeout);
  }

  /** Waits like {@link #await} for a line after those that were waited for before. */
  synchronized Optional<OutputLine> awaitNext(
      Predicate<? super OutputLine> wanted, Duration timeout) throws InterruptedException {
    return awaitFrom(next, wanted, timeout);
  }

  private synchronized Optional<OutputLine> awaitFrom(
      int first, Predicate<? super OutputLine> wanted, Duration timeout)
      throws InterruptedException {
    Objects.requireNonNull(wanted, "wanted");
    long deadlineNs = System.nanoTime() + Objects.requireNonNull(timeout, "timeout").toNanos();
    int seen = first;
    while (true) {
      for (; seen < lines.size(); seen++) {
        if (wanted.test(lines.get(seen))) {
          next = Math.max(next, seen + 1);
          return Optional.of(lines.get(seen));
        }
      }
      long leftNs = deadlineNs - System.nanoTime();
      if (leftNs <= 0 || ended.isDone()) {
        return Optional.empty();
      }
      TimeUnit.NANOSECONDS.timedWait(this, leftNs);
    }
  }

  /** Completes when the stream has ended. */
  CompletableFuture<Void> ended() {
    return ended.copy();
  }

  private void collect(InputStream stream) {
    try (BufferedReader reader =
        new BufferedReader(new InputStreamReader(stream, StandardCharsets.UTF_8))) {
      for (String line = reader.readLine(); line != null; line = reader.readLine()) {
        add(new OutputLine(line, System.nanoTime()));
      }
    } catch (IOException closedByProcessEnd) {
      // the output until then is collected
    } finally {
      end();
    }
  }

  private synchronized void add(OutputLine line) {
    lines.add(line);
    notifyAll();
  }

  private synchronized void end() {
    ended.complete(null);
    notifyAll();
  }
}
