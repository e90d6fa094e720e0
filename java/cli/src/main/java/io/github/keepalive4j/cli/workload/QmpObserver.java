package io.github.keepalive4j.cli.workload;

import io.github.keepalive4j.qemu.QmpCommand;
import io.github.keepalive4j.qemu.QmpConnectionException;
import io.github.keepalive4j.qemu.QmpConnectionException.Fault;
import io.github.keepalive4j.qemu.QmpEvent;
import io.github.keepalive4j.qemu.QmpException;
import io.github.keepalive4j.qemu.QmpGreeting;
import io.github.keepalive4j.qemu.QmpListener;
import io.github.keepalive4j.qemu.QmpSession;
import io.github.keepalive4j.qemu.QmpSessionOptions;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/** Follows a QEMU's machine: it has ended when QEMU says so, or ends the connection. */
final class QmpObserver implements QmpListener, Workload.Observer {
  private static final QmpCommand STATUS = QmpCommand.of("query-status");
  private static final Duration LIMIT = Duration.ofSeconds(5);
  private static final long PAUSE_MS = 1_000;

  /** The states in which a machine doesn't run, and won't by itself. */
  private static final Set<String> ENDED = Set.of("shutdown", "guest-panicked", "internal-error");

  /** After a panic or a shutdown that QEMU survived. A guest that panics may reboot by itself. */
  private static final Set<String> BEGINS = Set.of("RESUME", "RESET");

  private final String name;
  private final Workload workload;
  private final Map<String, String> ends; // by event; made here, as the text of PidFile.Named
  private final String gone;
  private final QmpSession session; // behind session()
  private final Thread doubt = new Thread(this::tellSilence, "qmp-silence");

  QmpObserver(
      String name, SocketAddress address, Workload workload, QmpSessionOptions sessionOptions) {
    this.name = name;
    this.workload = workload;
    this.ends =
        Map.of(
            "SHUTDOWN", "the machine of " + name + " has shut down",
            "GUEST_PANICKED", "the guest of " + name + " has panicked");
    this.gone = gone(name);
    synchronized (this) { // calls may come before it is set
      this.session = QmpSession.open(address, sessionOptions, this);
    }
    doubt.setDaemon(true);
    doubt.start();
  }

  private synchronized QmpSession session() {
    return session;
  }

  static String gone(String name) {
    return "no QEMU at " + name;
  }

  @Override
  public void onConnected(QmpGreeting greeting) {
    try {
      String status = session().execute(STATUS, LIMIT).path("status").asText("unknown");
      if (ENDED.contains(status)) {
        String reason = "the machine of " + name + " is in state " + status;
        workload.ended(reason); // while there was no connection
        workload.isMissing(reason);
      } else {
        workload.began();
      }
    } catch (QmpException | QmpConnectionException e) {
      workload.isMissing("QEMU at " + name + " didn't tell the machine's state");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void onEvent(QmpEvent event) {
    String end = ends.get(event.name());
    if (end != null) {
      workload.ended(end);
    } else if (BEGINS.contains(event.name())) {
      workload.began();
    }
  }

  /** A QEMU that fell silent may still run its machine, until nobody is there any more. */
  @Override
  public void onDisconnected(QmpConnectionException cause) {
    try {
      Fault fault = cause.fault();
      while (fault != Fault.ENDED && fault != Fault.UNREACHABLE) {
        TimeUnit.MILLISECONDS.sleep(PAUSE_MS);
        if (isConnectedOrClosed()) {
          return;
        }
        fault = lastFault().orElse(fault);
      }
      workload.ended(gone);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private boolean isConnectedOrClosed() {
    QmpSession.State state = session().state();
    return state == QmpSession.State.CONNECTED || state == QmpSession.State.CLOSED;
  }

  private Optional<Fault> lastFault() {
    return session()
        .lastFault()
        .filter(QmpConnectionException.class::isInstance)
        .map(last -> ((QmpConnectionException) last).fault());
  }

  /**
   * Says why the machine isn't known to run, where a QEMU takes the connection and says nothing.
   */
  private void tellSilence() {
    String silent = "QEMU at " + name + " gives no answer, or serves another client";
    try {
      while (session().state() != QmpSession.State.CLOSED) {
        if (!isConnectedOrClosed() && lastFault().filter(Fault.TIMED_OUT::equals).isPresent()) {
          workload.isMissing(silent);
        }
        TimeUnit.MILLISECONDS.sleep(PAUSE_MS);
      }
    } catch (InterruptedException e) {
      // closed
    }
  }

  @Override
  public void close() {
    session.close();
    doubt.interrupt();
  }
}
