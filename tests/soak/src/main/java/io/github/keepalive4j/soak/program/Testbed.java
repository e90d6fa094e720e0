package io.github.keepalive4j.soak.program;

import io.github.keepalive4j.soak.fault.FaultTarget;
import io.github.keepalive4j.testkit.Host;
import io.github.keepalive4j.testkit.Lab;
import io.github.keepalive4j.testkit.ManagedProcess;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** A lab with sources and one backup, each on a host and in a process of its own. */
public final class Testbed implements AutoCloseable {
  private static final String BACKUP = "backup";

  private final Lab lab;
  private final List<Source> sources = new ArrayList<>();
  private final ManagedProcess backup;

  private Testbed(Lab lab, BackupStarter starter) throws IOException, InterruptedException {
    this.lab = lab;
    for (Host host : lab.hosts()) {
      if (!host.equals(lab.host(BACKUP))) {
        sources.add(new Source(host));
      }
    }
    this.backup = starter.start(lab.host(BACKUP), sources);
  }

  /** Starts the backup's program. */
  public interface BackupStarter {
    /** Starts the program on this host, when all sources are ready. */
    ManagedProcess start(Host host, List<Source> sources) throws IOException, InterruptedException;
  }

  /** Opens a lab with as many sources, and returns when all programs are ready. */
  public static Testbed open(int sources, BackupStarter starter)
      throws IOException, InterruptedException {
    Stream<String> names = IntStream.range(0, sources).mapToObj(number -> "source" + number);
    Lab lab = Lab.open(Stream.concat(names, Stream.of(BACKUP)).toArray(String[]::new));
    boolean open = false;
    try {
      Testbed testbed = new Testbed(lab, starter);
      open = true;
      return testbed;
    } finally {
      if (!open) {
        lab.close();
      }
    }
  }

  public List<Source> sources() {
    return sources;
  }

  public ManagedProcess backup() {
    return backup;
  }

  /** Returns the target for faults of one source, and for those of the backup. */
  public FaultTarget target(int source) {
    Source at = sources.get(source);
    return new FaultTarget(at.host(), at.program(), lab.host(BACKUP), backup);
  }

  /**
   * Makes the backup and these sources resolve each other again at once. After a failed resolution
   * they would wait before they try again.
   */
  public void flushNeighbours(List<Source> ofSources) throws IOException, InterruptedException {
    for (Source source : ofSources) {
      flushNeighbours(source.host());
    }
    flushNeighbours(lab.host(BACKUP));
  }

  private static void flushNeighbours(Host host) throws IOException, InterruptedException {
    host.run("ip", "neighbour", "flush", "all");
  }

  @Override
  public void close() throws IOException {
    lab.close();
  }
}
