package com.example.standby;

import io.github.keepalive4j.ClaimLoss;
import io.github.keepalive4j.Failover;
import io.github.keepalive4j.FailoverCallback;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Starts the source's service here, and stops it once somebody else may run it. */
class ServiceStart implements FailoverCallback {
  private final List<String> command;
  private Process service; // guarded by this; null until started
  private boolean stopped; // guarded by this

  ServiceStart(List<String> command) {
    this.command = command;
  }

  @Override
  public void onFailover(Failover failover) throws IOException {
    failover.onClaimLost(this::stop); // first, because the claim may be lost at any time
    start(failover.toEnvironment());
  }

  private synchronized void start(Map<String, String> environment) throws IOException {
    if (!stopped) {
      ProcessBuilder builder = new ProcessBuilder(command).inheritIO();
      builder.environment().putAll(environment);
      service = builder.start();
    }
  }

  private synchronized void stop(ClaimLoss loss) {
    System.out.println("stopping: " + loss.reason());
    stopped = true;
    if (service != null) {
      service.destroyForcibly().onExit().join(); // the successor waits until this returns
    }
  }

  synchronized Optional<ProcessHandle> running() {
    return Optional.ofNullable(service).map(Process::toHandle).filter(ProcessHandle::isAlive);
  }
}
