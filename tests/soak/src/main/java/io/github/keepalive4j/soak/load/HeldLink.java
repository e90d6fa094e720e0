package io.github.keepalive4j.soak.load;

import static io.github.keepalive4j.soak.program.BackupEvent.NO_DETAIL;

import io.github.keepalive4j.KeepaliveOptions;
import io.github.keepalive4j.KeepaliveSocket;
import io.github.keepalive4j.TcpInfo;
import io.github.keepalive4j.soak.program.BackupEvent;
import io.github.keepalive4j.soak.program.EventWriter;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.channels.ClosedChannelException;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;

/** One link of a load. Either a failure ends it or its owner. */
final class HeldLink {
  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(1);
  private static final Set<String> ENDS =
      Set.of(BackupEvent.FAILED, BackupEvent.LEFT, BackupEvent.VIOLATION);

  private final Load load;
  private final String name;
  private final LinkKind kind;
  private final AtomicBoolean over = new AtomicBoolean();
  private final boolean stepped; // a thread is reserved that awaits its failure in short steps
  private KeepaliveSocket link;
  private LinkObserver observer;
  private boolean dead; // used only by the thread that calls checkState()
  private volatile Future<?> end; // null before plan()

  HeldLink(Load load, String name, LinkKind kind, boolean stepped) {
    this.load = load;
    this.name = name;
    this.kind = kind;
    this.stepped = stepped;
  }

  /** Connects the link and has it observed. */
  void open(InetSocketAddress source) throws IOException {
    log(LoadEvent.OPENING, kind.toString());
    try {
      KeepaliveOptions options = kind.mechanism().soakOptions();
      link = load.connect(() -> KeepaliveSocket.connect(source, options, CONNECT_TIMEOUT));
    } catch (IOException e) {
      log(BackupEvent.REFUSED, e.getClass().getSimpleName());
      if (stepped) {
        load.stepping().cancel();
      }
      throw e;
    }
    load.hold(this);
    observer = newObserver();
    observer.begin();
    log(LoadEvent.WATCHED, NO_DETAIL);
  }

  private LinkObserver newObserver() {
    return stepped
        ? new SteppingObserver(name, link, this::on, load.stepping())
        : new MonitorObserver(load.monitor(), link, new EventWriter(name, this::on));
  }

  /** Sets the task that will end the link, and cancels it if the link has ended already. */
  void plan(Future<?> task) {
    end = task;
    if (over.get()) {
      task.cancel(false);
    }
  }

  private void on(BackupEvent event) {
    load.log().write(event);
    if (ENDS.contains(event.what())) {
      load.release(this);
      if (over.compareAndSet(false, true)) {
        cancelPlan();
        load.replace();
      }
    }
  }

  private void cancelPlan() {
    Future<?> planned = end;
    if (planned != null) {
      planned.cancel(false);
    }
  }

  /** Reserves the end of the link for its owner. Returns false if the link has ended already. */
  boolean take() {
    return over.compareAndSet(false, true);
  }

  boolean isTaken() {
    return over.get();
  }

  /** Logs once that the kernel no longer has the connection as established. */
  void checkState() {
    if (dead || over.get()) {
      return;
    }
    try {
      TcpInfo.State state = link.tcpInfo().state();
      if (state != TcpInfo.State.ESTABLISHED) {
        dead = true;
        log(LoadEvent.DEAD, state.name());
      }
    } catch (ClosedChannelException e) {
      // its end was reported, and the monitor has closed it
    } catch (IOException e) {
      load.log().error(name, e);
    }
  }

  void unwatch() {
    log(LoadEvent.UNWATCHING, NO_DETAIL);
    boolean wasOn = observer.end();
    log(LoadEvent.UNWATCHED, Boolean.toString(wasOn));
  }

  void close() {
    log(LoadEvent.CLOSING, NO_DETAIL);
    link.close();
    log(BackupEvent.CLOSED, NO_DETAIL);
    load.release(this);
  }

  private void log(String what, String detail) {
    load.log().write(BackupEvent.now(name, what, detail));
  }
}
