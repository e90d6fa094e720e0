package io.github.keepalive4j.cli.output;

import io.github.keepalive4j.cli.systemd.ServiceManager;
import java.util.EnumSet;
import java.util.Set;

/** Tells the service manager that the command is up, and what happened last. */
final class ServiceEventWriter implements EventWriter {
  private static final Set<Event.Type> UP = EnumSet.of(Event.Type.LISTENING, Event.Type.UP);

  private final ServiceManager manager;
  private boolean ready; // on the output's thread only

  ServiceEventWriter(ServiceManager manager) {
    this.manager = manager;
  }

  @Override
  public void write(Event event) {
    String status = event.type().label() + " " + event.peer() + " " + event.text();
    manager.status(Messages.oneLine(status));
    if (!ready && UP.contains(event.type())) {
      ready = true;
      manager.ready();
    }
  }
}
