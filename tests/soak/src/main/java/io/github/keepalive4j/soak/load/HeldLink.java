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

/** One link of a load, which has its end from its source or from its owner. */
final class HeldLink {
  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(1);
  private static final Set<String> ENDS =
      Set.of(BackupEvent.FAILED, BackupEvent.LEFT, BackupEvent.VIOLATION);

  private final Load load;
  private final String name;
  private final LinkKind kind;
  private final AtomicBoolean over = new AtomicBoolean();
  private KeepaliveSocket link;
  private boolean dead; // on the clock's thread only
  private volatile Future<?> end; // null while it isn't planned

  HeldLink(Load load, String name, LinkKind kind) {
    this.load = load;
    this.name = name;
    this.kind = kind;
  }

  /** Connects the link and has it watched. */
  void open(InetSocketAddress source) throws IOException {
    log(LoadEvent.OPENING, kind.toString());
    try {
      KeepaliveOptions options = kind.mechanism().steadyOptions();
      link = load.connect(() -> KeepaliveSocket.connect(source, options, CONNECT_TIMEOUT));
    } catch (IOException e) {
      log(BackupEvent.REFUSED, e.getClass().getSimpleName());
      throw e;
    }
    load.hold(this);
    EventWriter writer = new EventWriter(name, this::on);
    load.monitor().watch(link, writer, writer);
    log(LoadEvent.WATCHED, NO_DETAIL);
  }

  /** Takes the task that will end the link, unless it has ended before. */
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

  /** Makes the link its owner's to end. Returns false if its source has ended it. */
  boolean take() {
    return over.compareAndSet(false, true);
  }

  boolean isTaken() {
    return over.get();
  }

  /** Writes down when the kernel no longer has the connection for established. */
  void look() {
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
      // its end was told, and it is closed
    } catch (IOException e) {
      load.log().error(name, e);
    }
  }

  void unwatch() {
    log(LoadEvent.UNWATCHING, NO_DETAIL);
    boolean wasOn = load.monitor().unwatch(link);
    log(LoadEvent.UNWATCHED, Boolean.toString(wasOn));
  }

  void close() {
    log(LoadEvent.CLOSING, NO_DETAIL);
    try {
      link.close();
    } catch (IOException e) {
      load.log().error(name, e);
    }
    log(BackupEvent.CLOSED, NO_DETAIL);
    load.release(this);
  }

  private void log(String what, String detail) {
    load.log().write(BackupEvent.now(name, what, detail));
  }
}
