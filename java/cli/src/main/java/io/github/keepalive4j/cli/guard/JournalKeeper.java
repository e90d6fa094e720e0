package io.github.keepalive4j.cli.guard;

import io.github.keepalive4j.Journal;
import io.github.keepalive4j.KeepaliveMonitor;
import io.github.keepalive4j.KeepaliveServer;
import io.github.keepalive4j.cli.output.Event;
import io.github.keepalive4j.cli.output.Messages;
import io.github.keepalive4j.cli.output.Output;
import io.github.keepalive4j.internal.guard.JournalAccess;
import io.github.keepalive4j.internal.guard.WatchJournal;
import java.io.IOException;
import java.nio.file.Path;

/** The journal of a command, if it has one. */
final class JournalKeeper implements AutoCloseable {
  static final JournalKeeper NONE = new JournalKeeper(null, null, null);

  private final Path file;
  private final Journal journal; // null for none
  private final Output output;
  private boolean closed;

  JournalKeeper(Path file, Journal journal, Output output) {
    this.file = file;
    this.journal = journal;
    this.output = output;
  }

  void on(KeepaliveMonitor.Builder monitor) {
    if (journal != null) {
      monitor.journal(journal);
    }
  }

  void on(KeepaliveServer.Builder server) {
    if (journal != null) {
      server.journal(journal);
    }
  }

  /** Opens the file anew at SIGHUP, which doesn't end this process then. */
  void reopenAtHangup() {
    Hangup.run(this::reopen);
  }

  private synchronized void reopen() {
    if (!closed) {
      try {
        journal.reopen();
      } catch (IOException e) {
        output.event(Event.error(file.toString(), "not reopened: " + Messages.of(e)));
      }
    }
  }

  /** Returns the record of a takeover that follows from no link. */
  WatchJournal newWatch(String peer, Output errors) {
    return journal == null
        ? WatchJournal.NONE
        : JournalAccess.newWatch(
            journal,
            error -> errors.event(Event.error(file.toString(), Messages.of(error))),
            line -> errors.event(GuardEvent.journalLate(peer, line)));
  }

  /** Says what isn't on the disk, which makes no failover fail. Once is enough. */
  @Override
  public synchronized void close() {
    if (journal != null && !closed) {
      closed = true;
      try {
        journal.close();
      } catch (IOException e) {
        output.event(Event.error(file.toString(), Messages.of(e)));
      }
    }
  }
}
