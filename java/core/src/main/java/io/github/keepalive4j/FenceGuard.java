package io.github.keepalive4j;

import io.github.keepalive4j.internal.Arguments;
import io.github.keepalive4j.internal.Range;
import io.github.keepalive4j.internal.process.FenceRun;
import java.time.Duration;
import java.util.List;
import java.util.Objects;

/**
 * A guard that grants once a command has made sure that the source is gone: a power switch, {@code
 * virsh destroy}, or a storage lock.
 *
 * <p>The command runs with the environment of {@link ClaimRequest#toEnvironment} and an empty
 * standard input. Where it follows a guard with a token in {@link TakeoverGuard#allOf}, {@code
 * KEEPALIVE_TOKEN} has that token. Only exit status 0 within the timeout grants. When the time runs
 * out, it has failed, and is killed with all processes that it started. {@link #COOKIE} in their
 * environment identifies them. A process that drops the variable and outlives its parent isn't
 * found, as with {@code env -i setsid}. The reason for a refusal has the end of its output. If the
 * JVM ends by a signal or {@link System#exit}, a running command is killed in the same way.
 *
 * <p>If the command exits with 0 without having fenced, two machines run. If several backups fence,
 * it may run more than once. It may also run late: a backup may be paused as it starts the command,
 * or killed while the command goes on. So it must hit the source's host alone, never what a backup
 * has started. Immutable.
 */
public final class FenceGuard implements TakeoverGuard {
  /**
   * The environment variable that identifies a command's processes by a random value for each run.
   */
  public static final String COOKIE = "KEEPALIVE_FENCE_RUN";

  private final List<String> command;
  private final String name;
  private final Duration timeout;

  private FenceGuard(List<String> command, String name, Duration timeout) {
    this.command = command;
    this.name = name;
    this.timeout = Range.checkMillisecondToDay("timeout", timeout);
  }

  /**
   * Makes a guard that runs a shell command.
   *
   * @param command for {@code sh -c}
   * @param timeout how long it may take, 1 ms to 1 day; the guard's own timeout should be longer,
   *     or it ends the command first
   * @throws IllegalArgumentException if {@code command} is blank, which would fence nothing and
   *     grant, or {@code timeout} is outside that range
   */
  public static FenceGuard shell(String command, Duration timeout) {
    requireText(command);
    return new FenceGuard(List.of("sh", "-c", command), command, timeout);
  }

  /**
   * Makes a guard that runs a program.
   *
   * @param command the program and its arguments
   * @param timeout as for {@link #shell}
   * @throws IllegalArgumentException if {@code command} is empty or begins with blank text, or
   *     {@code timeout} is outside its range
   */
  public static FenceGuard program(List<String> command, Duration timeout) {
    if (Arguments.noneNull("command", command).isEmpty()) {
      throw new IllegalArgumentException("command is empty");
    }
    requireText(command.get(0));
    return new FenceGuard(List.copyOf(command), String.join(" ", command), timeout);
  }

  private static void requireText(String command) {
    if (Objects.requireNonNull(command, "command").isBlank()) {
      throw new IllegalArgumentException("command \"" + command + "\" is blank");
    }
  }

  @Override
  public Claim claim(ClaimRequest request) throws ClaimDeclinedException, InterruptedException {
    Objects.requireNonNull(request, "request");
    if (request.remaining().compareTo(Duration.ZERO) <= 0) { // the caller swallowed the interrupt
      throw new ClaimDeclinedException("the fence `" + name + "` was called off");
    }
    new FenceRun(command, name, request.toEnvironment(), COOKIE).succeedWithin(timeout);
    return Claim.lasting("the fence `" + name + "` succeeded");
  }

  @Override
  public String toString() {
    return "FenceGuard[" + name + ", " + timeout + "]";
  }
}
