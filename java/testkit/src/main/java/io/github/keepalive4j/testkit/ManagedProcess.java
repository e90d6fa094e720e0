package io.github.keepalive4j.testkit;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/**
 * A process on a {@link Host}. Its output is collected from the start, each line with its time of
 * arrival. The process is killed when the lab is closed, if not before.
 */
public final class ManagedProcess implements AutoCloseable {
  private static final Duration EFFECT_TIMEOUT = Duration.ofSeconds(10);
  private static final long DRAIN_MS = 1_000;

  private final String command;
  private final Process process;
  private final Output stdout;
  private final Output stderr;

  private ManagedProcess(String command, Process process) {
    this.command = command;
    this.process = process;
    this.stdout = new Output(process.getInputStream(), "stdout of " + process.pid());
    this.stderr = new Output(process.getErrorStream(), "stderr of " + process.pid());
  }

  static ManagedProcess start(ProcessBuilder builder) throws IOException {
    return new ManagedProcess(String.join(" ", builder.command()), builder.start());
  }

  /** Returns the process id, which is the command's own. */
  public long pid() {
    return process.pid();
  }

  /** Tells whether the process has not ended. A stopped process has not. */
  public boolean isAlive() {
    return process.isAlive();
  }

  /** Returns the stream that the process reads as its standard input. It is buffered. */
  public OutputStream stdin() {
    return process.getOutputStream();
  }

  /** Returns what the process writes on its standard output. */
  public Output stdout() {
    return stdout;
  }

  /** Returns what the process writes on its standard error. */
  public Output stderr() {
    return stderr;
  }

  /** Returns the lines of its standard output so far, oldest first. */
  public List<String> lines() {
    return stdout.lines().stream().map(OutputLine::text).toList();
  }

  /**
   * Waits for a line of its standard output, which may already be there.
   *
   * @param regex a pattern that occurs in the wanted line
   * @param timeout the longest to wait
   * @return the first such line
   * @throws CommandException if the output ended without such a line
   * @throws TimeoutException if the time ran out
   * @throws InterruptedException if the thread is interrupted while it waits
   */
  public OutputLine awaitLine(String regex, Duration timeout)
      throws CommandException, TimeoutException, InterruptedException {
    return awaitLine(pattern(regex), "/" + regex + "/", timeout);
  }

  /**
   * Waits for a line of its standard output, which may already be there.
   *
   * @param wanted tells whether a line is the one
   * @param timeout the longest to wait
   * @return the first such line
   * @throws CommandException if the output ended without such a line
   * @throws TimeoutException if the time ran out
   * @throws InterruptedException if the thread is interrupted while it waits
   */
  public OutputLine awaitLine(Predicate<String> wanted, Duration timeout)
      throws CommandException, TimeoutException, InterruptedException {
    return awaitLine(Objects.requireNonNull(wanted, "wanted"), "the line", timeout);
  }

  /**
   * Waits for a line of its standard output after all lines that {@code awaitLine} and {@code
   * awaitNextLine} have returned: for the second time that the process writes something, say.
   *
   * @param regex a pattern that occurs in the wanted line
   * @param timeout the longest to wait
   * @return the first such line
   * @throws CommandException if the output ended without such a line
   * @throws TimeoutException if the time ran out
   * @throws InterruptedException if the thread is interrupted while it waits
   */
  public OutputLine awaitNextLine(String regex, Duration timeout)
      throws CommandException, TimeoutException, InterruptedException {
    Predicate<String> wanted = pattern(regex);
    Optional<OutputLine> found = stdout.awaitNext(line -> wanted.test(line.text()), timeout);
    return found.isPresent() ? found.get() : lacking("/" + regex + "/ again", timeout);
  }

  private static Predicate<String> pattern(String regex) {
    return Pattern.compile(Objects.requireNonNull(regex, "regex")).asPredicate();
  }

  private OutputLine awaitLine(Predicate<String> wanted, String name, Duration timeout)
      throws CommandException, TimeoutException, InterruptedException {
    Optional<OutputLine> found = stdout.await(line -> wanted.test(line.text()), timeout);
    return found.isPresent() ? found.get() : lacking(name, timeout);
  }

  /** Throws what tells best why no such line was found. */
  private OutputLine lacking(String name, Duration timeout)
      throws CommandException, TimeoutException, InterruptedException {
    if (stdout.ended().isDone()) {
      if (process.waitFor(DRAIN_MS, TimeUnit.MILLISECONDS)) {
        awaitDrained();
      }
      throw failure("ended without writing " + name);
    }
    throw new TimeoutException(
        "`" + command + "` did not write " + name + " within " + timeout + ": " + output());
  }

  /**
   * Waits for the process to end. All its output is collected then.
   *
   * @param timeout the longest to wait
   * @return its exit status; 128 and the signal's number when a signal ended it
   * @throws TimeoutException if the time ran out
   * @throws InterruptedException if the thread is interrupted while it waits
   */
  public int waitFor(Duration timeout) throws TimeoutException, InterruptedException {
    if (!process.waitFor(
        Objects.requireNonNull(timeout, "timeout").toNanos(), TimeUnit.NANOSECONDS)) {
      throw new TimeoutException(
          "`" + command + "` did not end within " + timeout + ": " + output());
    }
    awaitDrained();
    return process.exitValue();
  }

  /**
   * Returns the exit status; 128 and the signal's number when a signal ended the process.
   *
   * @throws IllegalThreadStateException if the process has not ended
   */
  public int exitValue() {
    return process.exitValue();
  }

  /**
   * Kills the process (SIGKILL) and waits until it and its sockets are gone. Does nothing if the
   * process has ended.
   *
   * @throws IOException if it is still there after 10 s
   */
  public void kill() throws IOException {
    sendKill();
    awaitEnd(EFFECT_TIMEOUT);
  }

  /**
   * Stops the process (SIGSTOP) and waits until each of its threads has stopped. The kernel still
   * answers for it.
   *
   * @return the fault; closing it lets the process {@linkplain #cont() continue}
   * @throws IOException if the process has ended or does not stop
   */
  public Fault stop() throws IOException {
    return Fault.inflict("process " + pid() + " stopped", this::stopAll, this::cont);
  }

  /**
   * Lets the process continue (SIGCONT) after a {@link #stop}. Does nothing if it has ended.
   *
   * @throws IOException if the signal cannot be sent
   */
  public void cont() throws IOException {
    if (process.isAlive()) {
      LibC.signal(pid(), LibC.SIGCONT);
    }
  }

  /**
   * Kills the process, like {@link #kill}.
   *
   * @throws IOException if it is still there after 10 s
   */
  @Override
  public void close() throws IOException {
    kill();
  }

  @Override
  public String toString() {
    return "process " + pid() + " `" + command + "`";
  }

  /** Kills the process without waiting until it is gone. */
  void sendKill() {
    process.destroyForcibly();
  }

  /** Waits for the end, even if interrupted, and returns the output if the process succeeded. */
  String complete(Duration timeout) throws IOException {
    awaitEnd(timeout);
    return stdoutOfSuccess();
  }

  String stdoutOfSuccess() throws CommandException {
    if (process.exitValue() != 0) {
      throw failure("exited with " + process.exitValue());
    }
    return stdout.text();
  }

  private void stopAll() throws IOException {
    LibC.signal(pid(), LibC.SIGSTOP);
    Condition.await("process " + pid() + " stopped", EFFECT_TIMEOUT, this::isStopped);
  }

  private boolean isStopped() throws IOException {
    try (DirectoryStream<Path> threads =
        Files.newDirectoryStream(Path.of("/proc", Long.toString(pid()), "task"))) {
      for (Path thread : threads) {
        if (!ProcessStat.read(thread.resolve("stat")).map(ProcessStat::isStopped).orElse(true)) {
          return false;
        }
      }
      return true;
    }
  }

  private void awaitEnd(Duration timeout) throws CommandException {
    if (!process.isAlive() || endsWithin(timeout)) {
      awaitDrained();
      return;
    }
    process.destroyForcibly();
    throw new CommandException(command, "did not end within " + timeout, -1, output());
  }

  private boolean endsWithin(Duration timeout) {
    return process
        .onExit()
        .thenApply(ended -> true)
        .completeOnTimeout(false, timeout.toNanos(), TimeUnit.NANOSECONDS)
        .join();
  }

  /** Waits for the rest of the output, but not forever: a child of the process may hold it open. */
  private void awaitDrained() {
    CompletableFuture.allOf(stdout.ended(), stderr.ended())
        .completeOnTimeout(null, DRAIN_MS, TimeUnit.MILLISECONDS)
        .join();
  }

  private CommandException failure(String what) {
    return new CommandException(
        command, what, process.isAlive() ? -1 : process.exitValue(), output());
  }

  private String output() {
    return stderr.text() + stdout.text();
  }
}
