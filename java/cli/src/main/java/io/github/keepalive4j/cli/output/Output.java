package io.github.keepalive4j.cli.output;

import io.github.keepalive4j.cli.systemd.JournalStream;
import io.github.keepalive4j.cli.systemd.JournalStream.Level;
import io.github.keepalive4j.cli.systemd.ServiceManager;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.OutputStream;
import java.time.Instant;
import java.util.EnumSet;
import java.util.Set;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Where a command reports events. A thread of its own writes them, so that a stalled reader or a
 * stopped terminal delays no failover.
 */
public final class Output implements AutoCloseable {
  private static final long REDRAW_MS = 200;
  private static final long DRAIN_MS = 1_000;
  private static final Set<Event.Type> TROUBLE =
      EnumSet.of(
          Event.Type.ERROR, Event.Type.DECLINED, Event.Type.CLAIM_LOST, Event.Type.WORKLOAD_ENDED);

  private final ScheduledThreadPoolExecutor writer =
      new ScheduledThreadPoolExecutor(1, Output::newThread, new ThreadPoolExecutor.DiscardPolicy());
  private final ServiceManager manager;
  private final ServiceEventWriter service;
  private final StatusLine status; // null if standard error is no terminal
  private final Consumer<String> people;
  private final EventWriter events;

  private Output(
      ServiceManager manager, StatusLine status, Consumer<String> people, OutputStream program) {
    this.manager = manager;
    this.status = status;
    this.people = people;
    service = new ServiceEventWriter(manager);
    EventWriter text = new TextEventWriter(people);
    EventWriter told = program == null ? text : withErrorsFor(text, new JsonEventWriter(program));
    events =
        event -> {
          service.write(event); // first: whoever reads the other may be slow
          told.write(event);
        };
  }

  /** Opens the output. */
  static Output open(boolean json) {
    StatusLine status = !json && Terminal.isStandardError() ? new StatusLine(System.err) : null;
    Output output =
        new Output(
            ServiceManager.ofThisProcess(),
            status,
            status == null ? System.err::println : status::printAbove,
            json ? new FileOutputStream(FileDescriptor.out) : null);
    if (output.status != null) {
      var unused =
          output.writer.scheduleWithFixedDelay(
              output.status::draw, REDRAW_MS, REDRAW_MS, TimeUnit.MILLISECONDS);
    }
    return output;
  }

  /** Opens an output that does its work and writes nowhere. */
  static Output toNowhere(boolean json) {
    return new Output(
        ServiceManager.none(), null, line -> {}, json ? OutputStream.nullOutputStream() : null);
  }

  /** Error text is for people, even if a program reads the events. */
  private static EventWriter withErrorsFor(EventWriter people, EventWriter program) {
    return event -> {
      program.write(event);
      if (TROUBLE.contains(event.type())) {
        people.write(event);
      }
    };
  }

  private static Thread newThread(Runnable task) {
    Thread thread = new Thread(task, "output");
    thread.setDaemon(true);
    return thread;
  }

  public void event(Event event) {
    writer.execute(() -> events.write(event));
  }

  /** Reports an event of now that the writer's thread makes, because that takes its time. */
  public void eventLater(Supplier<Event> event) {
    Instant at = Instant.now();
    long monotonicNs = System.nanoTime();
    writer.execute(() -> events.write(event.get().of(at, monotonicNs)));
  }

  /** Tells the service manager that the command is ready once it is armed, not at its link. */
  public void awaitArming() {
    writer.execute(service::awaitArming);
  }

  /** Writes text for people that isn't an event. */
  public void note(String line) {
    writer.execute(() -> people.accept(JournalStream.prefix(Level.INFO) + line));
  }

  /** Keeps a line up to date on the terminal, where there is one. */
  public void showStatus(Supplier<String> text) {
    if (status != null) {
      writer.execute(() -> status.show(text));
    }
  }

  public void hideStatus() {
    if (status != null) {
      writer.execute(status::hide);
    }
  }

  /** Waits until everything is written, but not for a stalled reader. */
  @Override
  public void close() {
    hideStatus();
    writer.execute(manager::stopping);
    writer.shutdown();
    try {
      writer.awaitTermination(DRAIN_MS, TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    manager.close();
  }
}
