package io.github.keepalive4j.bench.measure;

import io.github.keepalive4j.bench.peer.BenchLibrary;
import io.github.keepalive4j.support.JavaCommand;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Scanner;

/** A subject in a JVM of its own, {@link HeldSubjectChild}, that can be stopped and resumed. */
final class HeldSubject implements AutoCloseable {
  private static final Duration POLL = Duration.ofMillis(1);

  private final Process process;
  private final BufferedReader output;

  HeldSubject(String key, int capacity) throws IOException {
    process =
        new ProcessBuilder(JavaCommand.of(HeldSubjectChild.class, key, Integer.toString(capacity)))
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    output =
        new BufferedReader(
            new InputStreamReader(process.getInputStream(), StandardCharsets.US_ASCII));
  }

  /** Makes the subject watch so many links to a port of this host, and returns once it does. */
  void watch(int port, int links) throws IOException {
    OutputStream input = process.getOutputStream();
    input.write((port + " " + links + "\n").getBytes(StandardCharsets.US_ASCII));
    input.flush();
    readLine();
  }

  /** Stops all of its threads. */
  void hold() throws IOException {
    signal(1);
    while (!ProcessFiles.isStopped(process.pid())) {
      Pause.sleep(POLL);
    }
  }

  /**
   * Resumes it.
   *
   * @return the time just before, on {@link System#nanoTime()}'s clock
   */
  long release() throws IOException {
    long releasedNs = System.nanoTime();
    signal(0);
    return releasedNs;
  }

  private void signal(int held) throws IOException {
    BenchLibrary.check("signalling", BenchLibrary.kb_hold((int) process.pid(), held));
  }

  /** Waits until all links have failed and returns the first and the last stamp, in ns. */
  long[] awaitFailures() throws IOException {
    Scanner times = new Scanner(readLine());
    return new long[] {times.nextLong(), times.nextLong()};
  }

  private String readLine() throws IOException {
    String line = output.readLine();
    if (line == null) {
      throw new IOException("the subject's JVM has ended");
    }
    return line;
  }

  @Override
  public void close() throws IOException {
    process.destroyForcibly();
    output.close();
  }
}
