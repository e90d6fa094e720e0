package io.github.keepalive4j.soak.program;

import io.github.keepalive4j.testkit.CommandException;
import io.github.keepalive4j.testkit.Host;
import io.github.keepalive4j.testkit.ManagedProcess;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeoutException;

/** Starts the programs and waits until they are ready. */
public final class Programs {
  /** A small JVM that starts fast. */
  public static final List<String> SMALL_JVM =
      List.of("-Xmx64m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1");

  private static final Duration START_TIMEOUT = Duration.ofSeconds(60);
  private static final int ATTEMPTS = 5;

  private Programs() {}

  public static ManagedProcess source(Host host) throws IOException, InterruptedException {
    return start(host, SMALL_JVM, SourceProgram.class, SourceProgram.READY);
  }

  public static ManagedProcess backup(Host host) throws IOException, InterruptedException {
    return start(host, SMALL_JVM, BackupProgram.class, BackupProgram.READY);
  }

  /**
   * Starts a program.
   *
   * @param ready the beginning of the line that the program prints when it is ready
   */
  public static ManagedProcess start(
      Host host, List<String> jvm, Class<?> program, String ready, String... arguments)
      throws IOException, InterruptedException {
    ManagedProcess process = host.startJava(jvm, program, arguments);
    try {
      process.awaitLine("^" + ready, START_TIMEOUT);
      setRealTimePriority(host, process);
      return process;
    } catch (TimeoutException e) {
      process.close();
      throw new IOException(e.getMessage(), e);
    }
  }

  /**
   * A process that gets no CPU on a busy machine counts as hung, and rightly, but that is not
   * tested here. The programs use little CPU after their start. chrt lists the threads and then
   * sets each. If one of the JVM's own has ended in between, it fails, and is called again.
   */
  private static void setRealTimePriority(Host host, ManagedProcess process)
      throws IOException, InterruptedException {
    String pid = Long.toString(process.pid());
    int attempt = 1;
    while (true) {
      try {
        host.run("chrt", "--all-tasks", "--rr", "--pid", "1", pid);
        return;
      } catch (CommandException e) {
        if (attempt++ == ATTEMPTS) {
          throw e;
        }
      }
    }
  }
}
