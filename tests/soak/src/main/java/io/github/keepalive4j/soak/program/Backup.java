package io.github.keepalive4j.soak.program;

import io.github.keepalive4j.soak.fault.Mechanism;
import io.github.keepalive4j.testkit.ManagedProcess;
import io.github.keepalive4j.testkit.OutputLine;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Controls a {@link BackupProgram} from another process. */
public final class Backup {
  private static final Duration ANSWER_TIMEOUT = Duration.ofSeconds(20);

  private final ManagedProcess process;

  public Backup(ManagedProcess process) {
    this.process = process;
  }

  /**
   * Opens a link, which the backup watches when this returns.
   *
   * @param tolerant whether it has long deadlines
   * @param confirm for how long the source is tried again after a failure; zero for not at all
   */
  public void open(
      String link, Mechanism mechanism, InetAddress source, boolean tolerant, Duration confirm)
      throws IOException, InterruptedException {
    send(
        String.join(
            " ",
            BackupProgram.OPEN,
            link,
            mechanism.name(),
            source.getHostAddress(),
            Boolean.toString(tolerant),
            Long.toString(confirm.toMillis())));
    BackupEvent event = awaitAnswer(link, BackupEvent.UP, BackupEvent.REFUSED);
    if (event.what().equals(BackupEvent.REFUSED)) {
      throw new IOException(link + " was refused: " + event.detail());
    }
  }

  /** Closes all links. None of them reports anything after this has returned. */
  public void closeLinks(String token) throws IOException, InterruptedException {
    send(BackupProgram.CLOSE + " " + token);
    awaitAnswer(token, BackupEvent.CLOSED);
  }

  private BackupEvent awaitAnswer(String token, String... answers)
      throws IOException, InterruptedException {
    return await(token, List.of(answers), ANSWER_TIMEOUT)
        .orElseThrow(() -> new IOException("no answer from " + process));
  }

  /** Waits for one of these events of a link. Returns at once if it has come already. */
  public Optional<BackupEvent> await(String link, List<String> events, Duration timeout)
      throws InterruptedException {
    return process
        .stdout()
        .await(line -> isOf(line, link, events), timeout)
        .map(line -> BackupEvent.parse(line.text()));
  }

  /** Returns the events of a link so far. */
  public List<BackupEvent> events(String link) {
    return process.stdout().lines().stream()
        .filter(line -> line.text().startsWith(link + " "))
        .map(line -> BackupEvent.parse(line.text()))
        .toList();
  }

  private static boolean isOf(OutputLine line, String link, List<String> events) {
    return line.text().startsWith(link + " ")
        && events.contains(BackupEvent.parse(line.text()).what());
  }

  private void send(String command) throws IOException {
    OutputStream stdin = process.stdin();
    stdin.write((command + "\n").getBytes(StandardCharsets.UTF_8));
    stdin.flush();
  }
}
