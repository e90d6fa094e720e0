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
 * The soak's backup, until its standard input ends. Its arguments are a directory for its files, a
 * seed, how many links it holds, and for each source its addresses, joined by a comma. It says when
 * it is {@link #READY}, and when it holds all its links ({@link #FULL}). To {@link #CALM} it opens
 * and closes no more, says {@link #CALM} too, and {@link #EMPTY} when all links have ended. Its end
 * is {@link #END}.
 */
public final class LoadProgram {
  public static final String READY = "ready";
  public static final String FULL = "full";
  public static final String CALM = "calm";
  public static final String EMPTY = "empty";
  public static final String END = "end";

  public static final String EVENTS_FILE = "links.log";
  public static final String FOOTPRINTS_FILE = "footprints.csv";

  private static final long LOOK_MS = 20;
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
    sayWhen(links, FULL);
    Future<?> sampling = clock.scheduleAtFixedRate(this::look, 0, PERIOD_MS, TimeUnit.MILLISECONDS);
    obey();
    if (sampling.isDone()) {
      throw new IOException("no footprints any more");
    }
    clock.shutdown();
    clock.awaitTermination(PERIOD_MS, TimeUnit.MILLISECONDS);
    load.closeLinks();
    awaitClosed(descriptors);
    footprints.take(load);
  }

  private void look() {
    footprints.take(load);
    load.look();
  }

  private void obey() throws IOException, InterruptedException {
    BufferedReader commands =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    for (String line = commands.readLine(); line != null; line = commands.readLine()) {
      if (!line.equals(CALM)) {
        throw new IOException("unknown command " + line);
      }
      load.calm();
      System.out.println(CALM);
      sayWhen(0, EMPTY);
    }
  }

  private void sayWhen(int size, String word) {
    boolean reached = size == 0 ? load.size() == 0 : load.size() >= size;
    if (reached) {
      System.out.println(word);
    } else if (!clock.isShutdown()) {
      var unused = clock.schedule(() -> sayWhen(size, word), LOOK_MS, TimeUnit.MILLISECONDS);
    }
  }

  /** A link that failed is closed by the monitor, a little after it was told. */
  private static void awaitClosed(long descriptors) throws IOException, InterruptedException {
    long deadlineNs = System.nanoTime() + CLOSED_WITHIN_NS;
    while (Footprints.descriptors() > descriptors && System.nanoTime() < deadlineNs) {
      TimeUnit.MILLISECONDS.sleep(LOOK_MS);
    }
  }
}
