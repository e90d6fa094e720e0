package io.github.keepalive4j.cli.command;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

/**
 * A process that ends a command's processes when this JVM has ended, or has been silent for too
 * long: also one that is killed or stopped.
 */
final class Supervisor implements AutoCloseable {
  private static final String SCRIPT = read("supervisor.sh");

  private final Process process;

  private Supervisor(Process process) {
    this.process = process;
  }

  /**
   * Starts one.
   *
   * @param confines by which the command's processes are found
   * @param grace how long they may take to end after SIGTERM
   */
  static Supervisor start(Confines confines, Duration grace) throws IOException {
    String mark = Confines.VARIABLE + "=" + confines.mark();
    String hundredths = Long.toString(grace.toMillis() / 10);
    // in a session of its own, so that a terminal's Ctrl-Z stops this JVM alone
    String own = "exec $(command -v setsid) sh -c \"$0\" supervisor \"$@\"";
    ProcessBuilder builder =
        new ProcessBuilder(List.of("sh", "-c", own, SCRIPT, mark, confines.folder(), hundredths))
            .redirectOutput(Redirect.DISCARD)
            .redirectError(Redirect.DISCARD);
    return new Supervisor(builder.start());
  }

  boolean isAlive() {
    return process.isAlive();
  }

  /**
   * Lets the command run on for a time from now.
   *
   * @param head the command's first process; 0 for none
   */
  void extend(Duration time, long head) throws IOException {
    String line =
        String.format(Locale.ROOT, "%d.%03d %d\n", time.toSeconds(), time.toMillisPart(), head);
    process.getOutputStream().write(line.getBytes(StandardCharsets.US_ASCII));
    process.getOutputStream().flush();
  }

  /** Has it end the command's processes, and waits for its own end. */
  void finish(Duration limit) {
    try {
      process.getOutputStream().close();
      process.onExit().completeOnTimeout(process, limit.toNanos(), TimeUnit.NANOSECONDS).join();
    } catch (IOException e) {
      // it has ended
    } finally {
      close();
    }
  }

  /** Ends this process and not the command's. */
  @Override
  public void close() {
    process.destroyForcibly();
  }

  private static String read(String resource) {
    try (InputStream stream = Supervisor.class.getResourceAsStream(resource)) {
      return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
