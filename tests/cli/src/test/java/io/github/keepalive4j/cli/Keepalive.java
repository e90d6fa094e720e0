package io.github.keepalive4j.cli;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.keepalive4j.support.Jdk;
import io.github.keepalive4j.testkit.Host;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;

/** The command, run by its launcher or from its jar as a user does. Killed when closed. */
public final class Keepalive implements AutoCloseable {
  /** For runs that end before the JIT compiler's and the collector's work would pay. */
  public static final List<String> QUICK_START =
      List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC");

  static final Path JAR = Path.of(System.getProperty("keepalive.jar")).toAbsolutePath().normalize();
  static final Path LAUNCHER = JAR.resolveSibling("keepalive");
  private static final Duration LIMIT = Duration.ofSeconds(60);

  private final Process process;
  private final Lines stdout;
  private final Lines stderr;

  private Keepalive(Process process) {
    this.process = process;
    stdout = new Lines(process.getInputStream());
    stderr = new Lines(process.getErrorStream());
  }

  public static Keepalive run(String... arguments) throws IOException {
    return start(command(arguments));
  }

  public static Keepalive runOn(Host host, String... arguments) throws IOException {
    return runProgramOn(host, command(arguments));
  }

  public static Keepalive runProgramOn(Host host, List<String> program) throws IOException {
    List<String> command = new ArrayList<>(List.of("ip", "netns", "exec", host.namespace()));
    command.addAll(program);
    return start(command);
  }

  public static Keepalive start(String java, List<String> jvmOptions, String... arguments)
      throws IOException {
    return start(command(java, jvmOptions, arguments));
  }

  public static Keepalive start(List<String> command) throws IOException {
    return new Keepalive(new ProcessBuilder(command).start());
  }

  /**
   * Returns the launcher's command, for the JDK that runs this. Who runs the tests under nohup(1)
   * ignores SIGHUP, which a JVM would inherit.
   */
  public static List<String> command(String... arguments) {
    List<String> command = new ArrayList<>(List.of("env", "--default-signal=HUP"));
    command.addAll(List.of("JAVA_HOME=" + Jdk.home(), LAUNCHER.toString()));
    command.addAll(List.of(arguments));
    return command;
  }

  /** Returns the command that runs the jar on a JDK. */
  public static List<String> command(String java, List<String> jvmOptions, String... arguments) {
    List<String> command = new ArrayList<>(List.of(java));
    command.addAll(jvmOptions);
    command.addAll(List.of("-jar", JAR.toString()));
    command.addAll(List.of(arguments));
    return command;
  }

  public Lines stdout() {
    return stdout;
  }

  public Lines stderr() {
    return stderr;
  }

  public List<EventLine> events() {
    return stdout.all().stream().map(EventLine::parse).toList();
  }

  public List<EventLine> events(String type) {
    return events().stream().filter(event -> event.type().equals(type)).toList();
  }

  /** Returns the types in order, without a warning, which may come at any time. */
  public List<String> eventTypes() {
    return events().stream().map(EventLine::type).filter(type -> !type.equals("warning")).toList();
  }

  public EventLine awaitEvent(String type) throws InterruptedException {
    return awaitEvent(type, 1);
  }

  /** Waits until there are so many events of a type, and returns the last of these. */
  public EventLine awaitEvent(String type, int number) throws InterruptedException {
    AtomicInteger seen = new AtomicInteger();
    return stdout
        .await(line -> isOf(type, line) && seen.incrementAndGet() == number, LIMIT)
        .map(EventLine::parse)
        .orElseThrow(
            () -> new AssertionError("no event " + type + " number " + number + ": " + output()));
  }

  private static boolean isOf(String type, String line) {
    return EventLine.parse(line).type().equals(type);
  }

  /** Watches for an event that must not come. */
  public void requireNone(Predicate<EventLine> unwanted, Duration time)
      throws InterruptedException {
    assertTrue(
        stdout.await(line -> unwanted.test(EventLine.parse(line)), time).isEmpty(), this::output);
    assertTrue(process.isAlive(), this::output);
  }

  public String awaitError(String part) throws InterruptedException {
    return stderr
        .await(line -> line.contains(part), LIMIT)
        .orElseThrow(() -> new AssertionError("no " + part + ": " + output()));
  }

  /** Waits for the end, and until all output is read. */
  public int awaitEnd() throws InterruptedException {
    assertTrue(process.waitFor(LIMIT.toMillis(), TimeUnit.MILLISECONDS), this::output);
    stdout.awaitEnd();
    stderr.awaitEnd();
    return process.exitValue();
  }

  public boolean isAlive() {
    return process.isAlive();
  }

  public long pid() {
    return process.pid();
  }

  public void signal(String name) throws IOException, InterruptedException {
    new ProcessBuilder("kill", "-" + name, Long.toString(pid())).start().waitFor();
  }

  /** Kills the process and returns when, just before. */
  public long kill() {
    long nowNs = System.nanoTime();
    process.destroyForcibly();
    return nowNs;
  }

  public String output() {
    return "stdout: " + stdout.text() + "\nstderr: " + stderr.text();
  }

  @Override
  public void close() {
    process.destroyForcibly().onExit().join();
  }
}
