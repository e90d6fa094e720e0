package io.github.keepalive4j.soak.idle;

import io.github.keepalive4j.Failover;
import io.github.keepalive4j.Journal;
import io.github.keepalive4j.KeepaliveMonitor;
import io.github.keepalive4j.KeepaliveOptions;
import io.github.keepalive4j.KeepaliveSocket;
import io.github.keepalive4j.LinkListener;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import jdk.jfr.Configuration;
import jdk.jfr.Recording;

/**
 * A user's program, until its standard input ends: a large heap, a listener, a journal and a
 * recording under way. It takes the source's address and port, the budget in ms and the journal's
 * path. Each line of its standard input is a time of {@link System#nanoTime()}, at which it
 * collects its whole heap.
 */
public final class LibraryProgram {
  static final String UP = "up";

  /** The times of the verdict and of the callback. */
  static final String FAILED = "failed";

  /** The times at which a collection began and ended. */
  static final String COLLECTED = "collected";

  private static final int LIVE_OBJECTS = 5_000_000;
  private static final int OBJECT_SIZE = 84; // 107 bytes with its header and its place: 512 MB

  private LibraryProgram() {}

  public static void main(String[] args) throws Exception {
    byte[][] live = new byte[LIVE_OBJECTS][];
    for (int i = 0; i < live.length; i++) {
      live[i] = new byte[OBJECT_SIZE];
    }
    try (Recording recording = new Recording(Configuration.getConfiguration("default"));
        Journal journal = Journal.open(Path.of(args[3]));
        KeepaliveMonitor monitor = KeepaliveMonitor.builder().journal(journal).open()) {
      recording.start();
      InetSocketAddress source = new InetSocketAddress(args[0], Integer.parseInt(args[1]));
      Duration budget = Duration.ofMillis(Long.parseLong(args[2]));
      monitor.watch(
          KeepaliveSocket.connect(source, KeepaliveOptions.detectWithin(budget)),
          LibraryProgram::tell,
          new Listener());
      System.out.println(UP);
      collectWhenTold();
    }
    System.out.println("live objects: " + live.length);
  }

  private static void tell(Failover failover) {
    long callbackNs = System.nanoTime();
    System.out.println(FAILED + " " + failover.failure().verdictNs() + " " + callbackNs);
  }

  private static void collectWhenTold() throws IOException, InterruptedException {
    BufferedReader times =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    for (String line = times.readLine(); line != null; line = times.readLine()) {
      TimeUnit.NANOSECONDS.sleep(Long.parseLong(line) - System.nanoTime());
      long beginNs = System.nanoTime();
      System.gc();
      System.out.println(COLLECTED + " " + beginNs + " " + System.nanoTime());
    }
  }

  /** Tells what it hears on standard error, as a user's log would have it. */
  private static final class Listener implements LinkListener {
    @Override
    public void onSuspect(LinkUpdate event) {
      System.err.println("suspect: " + event);
    }

    @Override
    public void onRecovered(LinkUpdate event) {
      System.err.println("recovered: " + event);
    }
  }
}
