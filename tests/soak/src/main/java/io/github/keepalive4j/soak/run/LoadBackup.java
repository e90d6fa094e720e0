package io.github.keepalive4j.soak.run;

import static io.github.keepalive4j.soak.load.LoadProgram.EMPTY;
import static io.github.keepalive4j.soak.load.LoadProgram.END;
import static io.github.keepalive4j.soak.load.LoadProgram.FULL;
import static io.github.keepalive4j.soak.load.LoadProgram.QUIESCE;
import static io.github.keepalive4j.soak.load.LoadProgram.READY;

import io.github.keepalive4j.soak.load.LoadProgram;
import io.github.keepalive4j.soak.program.Programs;
import io.github.keepalive4j.soak.program.Source;
import io.github.keepalive4j.testkit.Host;
import io.github.keepalive4j.testkit.ManagedProcess;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;

/** Controls a {@link LoadProgram} from another process. */
final class LoadBackup {
  private static final Duration ANSWER_TIMEOUT = Duration.ofSeconds(60);

  /** The heap is resident from the beginning, so that growth of resident memory is not the heap. */
  private static final List<String> PRETOUCHED_HEAP =
      Stream.concat(Programs.SMALL_JVM.stream(), Stream.of("-Xms64m", "-XX:+AlwaysPreTouch"))
          .toList();

  private final ManagedProcess process;

  LoadBackup(ManagedProcess process) {
    this.process = process;
  }

  static ManagedProcess start(Host host, List<Source> sources, Plan plan)
      throws IOException, InterruptedException {
    List<String> arguments = new ArrayList<>();
    arguments.add(plan.directory().toAbsolutePath().toString());
    arguments.add(Long.toString(plan.seed()));
    arguments.add(Integer.toString(plan.links()));
    sources.forEach(source -> arguments.add(addresses(source.host())));
    return Programs.start(
        host, PRETOUCHED_HEAP, LoadProgram.class, READY, arguments.toArray(String[]::new));
  }

  private static String addresses(Host host) {
    return host.ipv4().getHostAddress() + "," + host.ipv6().getHostAddress();
  }

  /** Waits until all links are open. */
  void awaitFull() throws IOException, InterruptedException {
    await(FULL);
  }

  /** Makes the backup open and close no more links. */
  void quiesce() throws IOException, InterruptedException {
    process.stdin().write((QUIESCE + "\n").getBytes(StandardCharsets.UTF_8));
    process.stdin().flush();
    await(QUIESCE);
  }

  /** Waits until the end of each link was reported, or the timeout has passed. */
  void awaitEmpty(Duration timeout) throws IOException, InterruptedException {
    try {
      process.awaitLine(EMPTY, timeout);
    } catch (TimeoutException e) {
      // some failures were lost, which the checker finds
    }
  }

  /** Makes the backup close its links, write its files and end. */
  void end() throws IOException, InterruptedException {
    process.stdin().close();
    await(END);
  }

  private void await(String word) throws IOException, InterruptedException {
    try {
      process.awaitLine("^" + word + "$", ANSWER_TIMEOUT);
    } catch (TimeoutException e) {
      throw new IOException(e.getMessage(), e);
    }
  }
}
