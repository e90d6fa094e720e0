package io.github.keepalive4j.bench.peer;

import io.github.keepalive4j.support.InstalledPrograms;
import io.github.keepalive4j.testkit.Host;
import io.github.keepalive4j.testkit.Lab;
import io.github.keepalive4j.testkit.ManagedProcess;
import io.github.keepalive4j.testkit.OutputLine;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/**
 * A BFD session between a lab's source and backup, by Debian's keepalived. Its log says when the
 * session goes up and down, before keepalived calls any script or writes to any fifo.
 */
public final class BfdSession implements AutoCloseable {
  /** The daemon's program. */
  public static final String PROGRAM = "keepalived";

  /** The priority of a keepalived in real time. */
  public static final int PRIORITY = 50;

  private static final Duration TIMEOUT = Duration.ofSeconds(20);

  /** As its manual recommends where the timers are short: SCHED_RR, and its memory locked. */
  private static final String REAL_TIME =
      """
      global_defs {
        bfd_rt_priority %d
        bfd_no_swap
      }
      """
          .formatted(PRIORITY);

  private static final String CONFIGURATION =
      """
      bfd_instance beside {
        neighbor_ip %s
        source_ip %s
        min_rx %d
        min_tx %d
        multiplier %d
      }
      """;

  private final ManagedProcess onSource;
  private final ManagedProcess onBackup;
  private final String detectionTime;

  private BfdSession(ManagedProcess onSource, ManagedProcess onBackup, int detectionTimeMs) {
    this.onSource = onSource;
    this.onBackup = onBackup;
    this.detectionTime = "Detection time is " + 1_000 * detectionTimeMs + " us";
  }

  /** Tells whether keepalived is installed. */
  public static boolean isAvailable() {
    return InstalledPrograms.contain(PROGRAM);
  }

  /** How often packets are sent, how many may be lost, and whether keepalived runs in real time. */
  public record Settings(int intervalMs, int multiplier, boolean isRealTime) {}

  /** Starts both ends. Their files go into the caller's folder. */
  public static BfdSession start(Lab lab, Path folder, Settings settings) throws IOException {
    Host source = lab.source();
    Host backup = lab.backup();
    return new BfdSession(
        start(source, backup, folder, settings),
        start(backup, source, folder, settings),
        settings.intervalMs() * settings.multiplier());
  }

  private static ManagedProcess start(Host host, Host neighbor, Path folder, Settings settings)
      throws IOException {
    Path configuration = folder.resolve(host.name() + ".conf");
    String session =
        CONFIGURATION.formatted(
            neighbor.ipv4().getHostAddress(),
            host.ipv4().getHostAddress(),
            settings.intervalMs(),
            settings.intervalMs(),
            settings.multiplier());
    Files.writeString(configuration, settings.isRealTime() ? REAL_TIME + session : session);
    ProcessBuilder command = new ProcessBuilder(PROGRAM, "-n", "-l", "-D", "-G", "-R");
    command.command().addAll(List.of("-f", configuration.toString()));
    for (String pidFileOption : List.of("-p", "-r", "-c", "-b")) {
      command.command().addAll(List.of(pidFileOption, configuration + pidFileOption));
    }
    return host.start(command.redirectErrorStream(true));
  }

  /** Waits until the session is up and detects as fast as it is configured to. */
  public void awaitUp() throws IOException, InterruptedException {
    await("up", () -> linesWith(detectionTime).size() > downs());
  }

  /** Tells whether the process that detects on the backup runs in real time. */
  public boolean isRealTime() throws IOException {
    ProcessHandle keepalived = ProcessHandle.of(onBackup.pid()).orElseThrow();
    for (ProcessHandle child : keepalived.children().toList()) {
      if (realTimePriority(child.pid()) > 0) {
        return true;
      }
    }
    return false;
  }

  /** Returns the 40th field of proc(5)'s stat; the second one ends with the last bracket. */
  private static int realTimePriority(long pid) throws IOException {
    String stat = Files.readString(Path.of("/proc", Long.toString(pid), "stat"));
    String[] fromThird = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
    return Integer.parseInt(fromThird[40 - 3]);
  }

  /** Waits until the session has gone down so many times and returns the time of the last. */
  public long awaitDownNs(int times) throws IOException, InterruptedException {
    await("down", () -> downs() >= times);
    return wentDown().get(times - 1).arrivedNs();
  }

  /** Returns how often the session has gone down. */
  public int downs() {
    return wentDown().size();
  }

  private static void await(String state, BooleanSupplier condition)
      throws IOException, InterruptedException {
    long startNs = System.nanoTime();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() - startNs > TIMEOUT.toNanos()) {
        throw new IOException("the BFD session is not " + state + " within " + TIMEOUT);
      }
      TimeUnit.MILLISECONDS.sleep(1);
    }
  }

  private List<OutputLine> wentDown() {
    return linesWith("Entering Down state");
  }

  private List<OutputLine> linesWith(String part) {
    return onBackup.stdout().lines().stream().filter(line -> line.text().contains(part)).toList();
  }

  /** Lets it end its own processes. */
  @Override
  public void close() {
    for (ManagedProcess process : List.of(onSource, onBackup)) {
      ProcessHandle.of(process.pid()).ifPresent(BfdSession::end);
    }
  }

  private static void end(ProcessHandle keepalived) {
    keepalived.destroy();
    keepalived.onExit().orTimeout(TIMEOUT.toSeconds(), TimeUnit.SECONDS).join();
  }
}
