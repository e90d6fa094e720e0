package io.github.keepalive4j;

import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** One run of a fence's command. */
final class FenceRun {
  private static final int SIGNAL_BASE = 128;
  private static final int MAX_SWEEPS = 50;
  private static final long SWEEP_MS = 20;

  private final String cookie = UUID.randomUUID().toString();
  private final String name;
  private final ProcessBuilder builder;

  FenceRun(List<String> command, String name, Map<String, String> environment) {
    this.name = name;
    builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().putAll(environment);
    builder.environment().put(FenceGuard.COOKIE, cookie);
  }

  /** Runs the command to its end; throws unless it succeeds in time. */
  void succeedWithin(Duration timeout) throws ClaimDeclinedException, InterruptedException {
    long startNs = System.nanoTime();
    Process process = start();
    OutputTail tail = new OutputTail(process.getInputStream());
    boolean ended = false;
    try {
      ended = process.waitFor(timeout.toNanos(), TimeUnit.NANOSECONDS);
    } finally {
      if (!ended) {
        killAll(process);
      }
    }
    boolean inTime = ended && System.nanoTime() - startNs <= timeout.toNanos();
    if (!inTime || process.exitValue() != 0) {
      throw new ClaimDeclinedException(
          "the fence `"
              + name
              + "` "
              + (inTime
                  ? end(process.exitValue())
                  : "didn't end within " + timeout.toMillis() + " ms")
              + tail.text());
    }
  }

  private Process start() throws ClaimDeclinedException {
    try {
      Process process = builder.start();
      process.getOutputStream().close();
      return process;
    } catch (IOException e) {
      throw new ClaimDeclinedException(
          "the fence `" + name + "` can't be started: " + e.getMessage(), e);
    }
  }

  private static String end(int status) {
    return status > SIGNAL_BASE
        ? "exited with " + status + ", as by signal " + (status - SIGNAL_BASE)
        : "exited with " + status;
  }

  /** Sweeps until nothing is left, for what is being killed may fork. */
  private void killAll(Process process) {
    process.descendants().forEach(ProcessHandle::destroyForcibly);
    process.destroyForcibly();
    List<ProcessHandle> marked = marked();
    for (int sweep = 0; sweep < MAX_SWEEPS && !marked.isEmpty(); sweep++) {
      marked.forEach(ProcessHandle::destroyForcibly);
      CompletableFuture.allOf(
              marked.stream().map(ProcessHandle::onExit).toArray(CompletableFuture<?>[]::new))
          .completeOnTimeout(null, SWEEP_MS, TimeUnit.MILLISECONDS)
          .join();
      marked = marked();
    }
  }

  private List<ProcessHandle> marked() {
    return ProcessHandle.allProcesses().filter(this::isMarked).toList();
  }

  /** A process that is gone, a zombie, or another user's has no readable environment. */
  private boolean isMarked(ProcessHandle process) {
    try (InputStream environment = new FileInputStream("/proc/" + process.pid() + "/environ")) {
      return new String(environment.readAllBytes(), StandardCharsets.ISO_8859_1)
          .contains(FenceGuard.COOKIE + "=" + cookie);
    } catch (IOException e) {
      return false;
    }
  }
}
