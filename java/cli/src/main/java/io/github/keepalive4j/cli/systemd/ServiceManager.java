package io.github.keepalive4j.cli.systemd;

import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.Optional;

/**
 * The service manager that started this process with {@code Type=notify}. Without one, which is
 * where {@code NOTIFY_SOCKET} is unset, nothing happens. Thread-safe.
 */
public final class ServiceManager {
  private static final String SOCKET = "NOTIFY_SOCKET";

  private final Map<String, String> environment;
  private volatile boolean listening;

  private ServiceManager(Map<String, String> environment) {
    this.environment = environment;
    this.listening = environment.containsKey(SOCKET);
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
    notify("READY=1");
  }

  /** Tells that the service ends. */
  public void stopping() {
    notify("STOPPING=1");
  }

  /** Tells the state, for people to read. */
  public void status(String oneLine) {
    notify("STATUS=" + oneLine);
  }

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
