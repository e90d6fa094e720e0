package io.github.keepalive4j.cli.output;

import io.github.keepalive4j.cli.systemd.ServiceManager;
import java.util.EnumSet;
import java.util.Set;

/** Tells the service manager that the command is up, and what happened last. */
final class ServiceEventWriter implements EventWriter {
  private static final Set<Event.Type> UP = EnumSet.of(Event.Type.LISTENING, Event.Type.UP);

  /** Of a backup whose failover takes a claim. */
  private static final Set<Event.Type> ARMED =
      EnumSet.of(Event.Type.ARMED, Event.Type.HELD, Event.Type.GRANTED);

  private final ServiceManager manager;
  private Set<Event.Type> readyAt = UP; // this and the next on the output's thread only
  private boolean ready;

  ServiceEventWriter(ServiceManager manager) {
    this.manager = manager;
  }

  /** A link alone doesn't make the command ready from now on. */
  void awaitArming() {
    readyAt = ARMED;
  }

  @Override
  public void write(Event event) {
    if (event.type() == Event.Type.WARNING) {
      return; // no state
    }
    String status = event.type().label() + " " + event.peer() + " " + event.text();
    manager.status(Messages.oneLine(status));
    if (!ready && readyAt.contains(event.type())) {
      ready = true;
      manager.ready();
    }
  }
}
