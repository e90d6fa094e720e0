package io.github.keepalive4j;

import io.github.keepalive4j.testkit.Host;
import io.github.keepalive4j.testkit.Lab;
import io.github.keepalive4j.testkit.ManagedProcess;
import io.github.keepalive4j.testkit.OutputLine;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A BFD session between two hosts, by Debian's keepalived. Its log tells when the session goes up
 * and down; that is earlier than any script or fifo of keepalived's hears of it.
 */
final class FastKeepalived implements AutoCloseable {
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

  private FastKeepalived(
      ManagedProcess onSource, ManagedProcess onBackup, int intervalMs, int multiplier) {
    this.detectionTime = "Detection time is " + 1_000 * intervalMs * multiplier + " us";
    this.onSource = onSource;
    this.onBackup = onBackup;
  }

  static FastKeepalived start(Lab lab, Path folder, int intervalMs, int multiplier)
      throws Exception {
    Host source = lab.source();
    Host backup = lab.backup();
    return new FastKeepalived(
        start(source, backup, folder, intervalMs, multiplier),
        start(backup, source, folder, intervalMs, multiplier),
        intervalMs,
        multiplier);
  }

  private static ManagedProcess start(
      Host host, Host neighbor, Path folder, int intervalMs, int multiplier) throws Exception {
    Path configuration = folder.resolve(host.name() + multiplier + ".conf");
    String text =
        CONFIGURATION.formatted(
            neighbor.ipv4().getHostAddress(),
            host.ipv4().getHostAddress(),
            intervalMs,
            intervalMs,
            multiplier);
    Files.writeString(configuration, text);
    String pids = configuration + ".pid";
    List<String> command =
        List.of(
            "keepalived",
            "-n",
            "-l",
            "-D",
            "-G",
            "-R",
            "-f",
            configuration.toString(),
            "-p",
            pids,
            "-r",
            pids + "v",
            "-c",
            pids + "c",
            "-b",
            pids + "b");
    return host.start(new ProcessBuilder(command).redirectErrorStream(true));
  }

  /** Waits until the session is up and detects as fast as it is configured to. */
  void awaitUp() throws Exception {
    FastAwait.until("BFD session up", () -> linesWith(detectionTime).size() > downs());
  }

  /** Waits until the session has gone down so many times and returns when it last did. */
  long awaitDownNs(int times) throws Exception {
    FastAwait.until("BFD session down", () -> wentDown().size() >= times);
    return wentDown().get(times - 1).arrivedNs();
  }

  int downs() {
    return wentDown().size();
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
      ProcessHandle.of(process.pid()).ifPresent(FastKeepalived::end);
    }
  }

  private static void end(ProcessHandle keepalived) {
    keepalived.destroy();
    keepalived.onExit().orTimeout(10, TimeUnit.SECONDS).join();
  }
}
