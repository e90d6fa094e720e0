package io.github.keepalive4j.cli.systemd;

import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * The service manager that started this process with {@code Type=notify}. Without one, which is
 * where {@code NOTIFY_SOCKET} is unset, nothing happens. It is told on a thread of its own, so that
 * one that hangs holds up no event. Thread-safe.
 */
public final class ServiceManager implements AutoCloseable {
  private static final String SOCKET = "NOTIFY_SOCKET";
  private static final int MAX_UNTOLD = 256;
  private static final long IDLE_S = 10;
  private static final long DRAIN_MS = 1_000;

  private final Map<String, String> environment;
  private final ThreadPoolExecutor teller =
      new ThreadPoolExecutor(
          1,
          1,
          IDLE_S,
          TimeUnit.SECONDS,
          new LinkedBlockingQueue<>(),
          ServiceManager::newThread,
          new ThreadPoolExecutor.DiscardPolicy());
  private volatile boolean listening;

  private ServiceManager(Map<String, String> environment) {
    this.environment = environment;
    this.listening = environment.containsKey(SOCKET);
    teller.allowCoreThreadTimeOut(true);
  }

  private static Thread newThread(Runnable task) {
    Thread thread = new Thread(task, "service-manager");
    thread.setDaemon(true);
    return thread;
  }

  /** Returns this process's one. */
  public static ServiceManager ofThisProcess() {
    return new ServiceManager(System.getenv());
  }

  /** Returns one that isn't there. */
  public static ServiceManager none() {
    return new ServiceManager(Map.of());
  }

  /** Tells that the service is up. */
  public void ready() {
    tell("READY=1");
  }

  /** Tells that the service ends. */
  public void stopping() {
    tell("STOPPING=1");
  }

  /** Tells the state, for people to read. One that comes while too many are untold is left out. */
  public void status(String oneLine) {
    if (teller.getQueue().size() < MAX_UNTOLD) {
      tell("STATUS=" + oneLine);
    }
  }

  private void tell(String state) {
    if (listening) {
      try {
        teller.execute(() -> notify(state));
      } catch (OutOfMemoryError e) {
        notify(state); // there is no thread
      }
    }
  }

  /** Waits until everything is told, but not for a manager that hangs. */
  @Override
  public void close() {
    teller.shutdown();
    try {
      boolean unused = teller.awaitTermination(DRAIN_MS, TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Gives a sign of life, on the caller's thread: one that is late is worth nothing. */
  void watchdog() {
    notify("WATCHDOG=1");
  }

  /** Returns how long the manager waits for a sign of life, if it does. */
  Optional<Duration> watchdogTimeout() {
    String pid = environment.getOrDefault("WATCHDOG_PID", ownPid());
    return Optional.ofNullable(environment.get("WATCHDOG_USEC"))
        .filter(text -> listening && pid.equals(ownPid()) && text.matches("[1-9]\\d{0,17}"))
        .map(text -> Duration.of(Long.parseLong(text), ChronoUnit.MICROS));
  }

  private static String ownPid() {
    return Long.toString(ProcessHandle.current().pid());
  }

  /**
   * A machine without libsystemd can't tell; the manager then ends the start when it is overdue.
   */
  private void notify(String state) {
    if (listening) {
      try {
        int unused = SystemdLibrary.sd_notify(0, state);
      } catch (LinkageError e) {
        listening = false;
        System.err.println("keepalive: the service manager isn't told: " + firstLine(e));
      }
    }
  }

  private static String firstLine(Throwable error) {
    return String.valueOf(error.getMessage()).lines().findFirst().orElse("");
  }
}
