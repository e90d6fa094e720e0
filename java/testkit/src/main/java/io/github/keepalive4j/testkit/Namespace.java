package io.github.keepalive4j.testkit;

import com.sun.jna.Pointer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/** A named network namespace and the threads of this JVM that work in it. */
final class Namespace implements AutoCloseable {
  static final Path DIRECTORY = Path.of("/run/netns");

  private static final Duration KILL_TIMEOUT = Duration.ofSeconds(10);

  private final String name;
  private final ExecutorService threads;
  private @Nullable Pointer handle;

  private Namespace(String name, Pointer handle) {
    this.name = name;
    this.handle = handle;
    this.threads = Executors.newCachedThreadPool(task -> daemon(task, name));
  }

  static Namespace create(String name) throws IOException {
    Command.run("ip", "netns", "add", name);
    return new Namespace(name, LibC.openStream(DIRECTORY.resolve(name).toString()));
  }

  /** Kills the processes in a namespace and deletes it; several processes may do so at once. */
  static void destroy(String name) throws IOException {
    try {
      Condition.await("no process in " + name, KILL_TIMEOUT, () -> killProcesses(name) == 0);
      Command.run("ip", "netns", "delete", name);
    } catch (IOException e) {
      if (Files.exists(DIRECTORY.resolve(name))) {
        throw e;
      }
    }
  }

  String name() {
    return name;
  }

  /** Runs a step on a thread in this namespace; an interrupt does not end the waiting for it. */
  void run(Step step) throws IOException {
    get(
        () -> {
          step.run();
          return null;
        });
  }

  /** Runs a task on a thread in this namespace; an interrupt does not end the waiting for it. */
  <T> T get(Callable<T> task) throws IOException {
    Future<T> result = submit(task);
    boolean interrupted = false;
    try {
      while (true) {
        try {
          return result.get();
        } catch (InterruptedException e) {
          interrupted = true;
        } catch (ExecutionException e) {
          throw e.getCause() instanceof IOException cause ? cause : new IOException(e.getCause());
        }
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /** Runs a task on a thread in this namespace. */
  <T> Future<T> submit(Callable<T> task) {
    return threads.submit(
        () -> {
          enter();
          return task.call();
        });
  }

  /** Returns a copy of a process's set-up that starts it in this namespace. */
  ProcessBuilder inside(ProcessBuilder original) {
    List<String> command = new ArrayList<>(List.of("ip", "netns", "exec", name));
    command.addAll(original.command());
    ProcessBuilder copy =
        new ProcessBuilder(command)
            .directory(original.directory())
            .redirectErrorStream(original.redirectErrorStream())
            .redirectInput(original.redirectInput())
            .redirectOutput(original.redirectOutput())
            .redirectError(original.redirectError());
    copy.environment().clear();
    copy.environment().putAll(original.environment());
    return copy;
  }

  @Override
  public void close() throws IOException {
    threads.shutdownNow();
    closeHandle();
    destroy(name);
  }

  private synchronized void enter() throws IOException {
    if (handle == null) {
      throw new IllegalStateException("namespace " + name + " is closed");
    }
    LibC.enterNetwork(handle);
  }

  private synchronized void closeHandle() {
    if (handle != null) {
      LibC.closeStream(handle);
      handle = null;
    }
  }

  private static long killProcesses(String name) throws IOException {
    return Command.run("ip", "netns", "pids", name)
        .lines()
        .map(Long::valueOf)
        .peek(pid -> ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly))
        .count();
  }

  private static Thread daemon(Runnable task, String name) {
    Thread thread = new Thread(task, name);
    thread.setDaemon(true);
    return thread;
  }
}
