package io.github.keepalive4j.soak.run;

import static io.github.keepalive4j.soak.load.LoadProgram.CALM;
import static io.github.keepalive4j.soak.load.LoadProgram.EMPTY;
import static io.github.keepalive4j.soak.load.LoadProgram.END;
import static io.github.keepalive4j.soak.load.LoadProgram.FULL;
import static io.github.keepalive4j.soak.load.LoadProgram.READY;

import io.github.keepalive4j.soak.fault.Scene;
import io.github.keepalive4j.soak.load.LoadProgram;
import io.github.keepalive4j.soak.program.Programs;
import io.github.keepalive4j.testkit.Host;
import io.github.keepalive4j.testkit.Lab;
import io.github.keepalive4j.testkit.ManagedProcess;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeoutException;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** A lab with several sources, and a backup that holds links to all of them. */
final class Stage implements AutoCloseable {
  private static final String BACKUP = "backup";
  private static final Duration ANSWER_TIMEOUT = Duration.ofSeconds(60);

  /** A heap that is all there from the beginning: what grows then is something else. */
  private static final List<String> TOUCHED =
      Stream.concat(Programs.SMALL_JVM.stream(), Stream.of("-Xms64m", "-XX:+AlwaysPreTouch"))
          .toList();

  private final Lab lab;
  private final List<Source> sources = new ArrayList<>();
  private final ManagedProcess backup;

  private Stage(Lab lab, Plan plan) throws IOException, InterruptedException {
    this.lab = lab;
    for (Host host : lab.hosts()) {
      if (!host.equals(lab.host(BACKUP))) {
        sources.add(new Source(host));
      }
    }
    List<String> arguments = new ArrayList<>();
    arguments.add(plan.directory().toAbsolutePath().toString());
    arguments.add(Long.toString(plan.seed()));
    arguments.add(Integer.toString(plan.links()));
    sources.forEach(source -> arguments.add(addresses(source.host())));
    backup =
        Programs.start(
            backupHost(), TOUCHED, LoadProgram.class, READY, arguments.toArray(String[]::new));
    await(FULL);
  }

  /** Returns when all links are open. */
  static Stage open(Plan plan) throws IOException, InterruptedException {
    Stream<String> sources = IntStream.range(0, Plan.SOURCES).mapToObj(each -> "source" + each);
    Lab lab = Lab.open(Stream.concat(sources, Stream.of(BACKUP)).toArray(String[]::new));
    boolean open = false;
    try {
      Stage stage = new Stage(lab, plan);
      open = true;
      return stage;
    } finally {
      if (!open) {
        lab.close();
      }
    }
  }

  private static String addresses(Host host) {
    return host.ipv4().getHostAddress() + "," + host.ipv6().getHostAddress();
  }

  List<Source> sources() {
    return sources;
  }

  Host backupHost() {
    return lab.host(BACKUP);
  }

  ManagedProcess backup() {
    return backup;
  }

  /** Returns whom the faults of a source's befall. */
  Scene scene(int source) {
    return sources.get(source).scene(backupHost(), backup);
  }

  /** Has the backup open and close no more links. */
  void calm() throws IOException, InterruptedException {
    backup.stdin().write((CALM + "\n").getBytes(StandardCharsets.UTF_8));
    backup.stdin().flush();
    await(CALM);
  }

  /** Waits until all links have had their end told. Some may have been lost. */
  void awaitEmpty(Duration timeout) throws IOException, InterruptedException {
    try {
      backup.awaitLine(EMPTY, timeout);
    } catch (TimeoutException e) {
      // for the checker to tell of
    }
  }

  /** Has the backup close what it holds, write down what it knows, and end. */
  void end() throws IOException, InterruptedException {
    backup.stdin().close();
    await(END);
  }

  private void await(String word) throws IOException, InterruptedException {
    try {
      backup.awaitLine("^" + word + "$", ANSWER_TIMEOUT);
    } catch (TimeoutException e) {
      throw new IOException(e.getMessage(), e);
    }
  }

  @Override
  public void close() throws IOException {
    lab.close();
  }
}
