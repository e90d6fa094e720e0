package io.github.keepalive4j.soak.load;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * The soak's backup, which runs until its standard input ends. Its arguments are a directory for
 * its files, a seed, the number of links, and for each source its IPv4 and IPv6 address joined by a
 * comma.
 *
 * <p>It prints {@link #READY} after its start and {@link #FULL} when all links are open. The
 * command {@link #QUIESCE} makes it open and close no more links; it prints {@link #QUIESCE} as the
 * answer, and {@link #EMPTY} when all links have ended. Its last line is {@link #END}.
 */
public final class LoadProgram {
  public static final String READY = "ready";
  public static final String FULL = "full";
  public static final String QUIESCE = "quiesce";
  public static final String EMPTY = "empty";
  public static final String END = "end";

  public static final String EVENTS_FILE = "links.log";
  public static final String FOOTPRINTS_FILE = "footprints.csv";

  private static final long POLL_MS = 20;
  private static final long PERIOD_MS = 1_000;
  private static final long CLOSED_WITHIN_NS = TimeUnit.SECONDS.toNanos(10);

  private final Load load;
  private final Footprints footprints;
  private final int links;
  private final ScheduledExecutorService clock = Executors.newScheduledThreadPool(2);

  private LoadProgram(Load load, Footprints footprints, int links) {
    this.load = load;
    this.footprints = footprints;
    this.links = links;
  }

  public static void main(String[] args) throws IOException, InterruptedException {
    Path directory = Path.of(args[0]);
    long seed = Long.parseLong(args[1]);
    int links = Integer.parseInt(args[2]);
    List<SourceAddress> sources = Arrays.stream(args).skip(3).map(SourceAddress::parse).toList();
    try (EventLog log = new EventLog(directory.resolve(EVENTS_FILE));
        Footprints footprints = new Footprints(directory.resolve(FOOTPRINTS_FILE));
        Load load = new Load(sources, seed, log)) {
      Thread.setDefaultUncaughtExceptionHandler(
          (thread, error) -> log.error(LoadEvent.NO_LINK, error));
      StallWatch.start(log::write);
      new LoadProgram(load, footprints, links).run();
    }
    System.out.println(END);
  }

  private void run() throws IOException, InterruptedException {
    load.warmUp();
    long descriptors = footprints.take(load).descriptors();
    System.out.println(READY);
    load.fill(links);
    printWhen(links, FULL);
    Future<?> sampling =
        clock.scheduleAtFixedRate(this::sample, 0, PERIOD_MS, TimeUnit.MILLISECONDS);
    runCommands();
    if (sampling.isDone()) {
      throw new IOException("the footprints can't be taken any more");
    }
    clock.shutdown();
    clock.awaitTermination(PERIOD_MS, TimeUnit.MILLISECONDS);
    load.closeLinks();
    awaitClosed(descriptors);
    footprints.take(load);
  }

  private void sample() {
    footprints.take(load);
    load.checkStates();
  }

  private void runCommands() throws IOException, InterruptedException {
    BufferedReader commands =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    for (String line = commands.readLine(); line != null; line = commands.readLine()) {
      if (!line.equals(QUIESCE)) {
        throw new IOException("unknown command " + line);
      }
      load.quiesce();
      System.out.println(QUIESCE);
      printWhen(0, EMPTY);
    }
  }

  private void printWhen(int size, String word) {
    boolean reached = size == 0 ? load.size() == 0 : load.size() >= size;
    if (reached) {
      System.out.println(word);
    } else if (!clock.isShutdown()) {
      var unused = clock.schedule(() -> printWhen(size, word), POLL_MS, TimeUnit.MILLISECONDS);
    }
  }

  /** Waits for the monitor to close failed links, which it does shortly after their callback. */
  private static void awaitClosed(long descriptors) throws IOException, InterruptedException {
    long deadlineNs = System.nanoTime() + CLOSED_WITHIN_NS;
    while (Footprints.descriptors() > descriptors && System.nanoTime() < deadlineNs) {
      TimeUnit.MILLISECONDS.sleep(POLL_MS);
    }
  }
}
