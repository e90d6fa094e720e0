package io.github.keepalive4j.internal.server;

import io.github.keepalive4j.Journal;
import io.github.keepalive4j.internal.ListenSettings;
import io.github.keepalive4j.internal.Listener;
import io.github.keepalive4j.internal.Provider;
import io.github.keepalive4j.internal.guard.GuardSetting;
import io.github.keepalive4j.internal.guard.HeldClaim;
import io.github.keepalive4j.internal.guard.JournalAccess;
import io.github.keepalive4j.internal.guard.ServingClaim;
import io.github.keepalive4j.internal.guard.WatchJournal;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.function.BooleanSupplier;

/** A server's listener, its threads and its backups, from the beginning to the end. Thread-safe. */
public final class Service {
  /** What handshakes under way take to complete: more than a round trip. */
  private static final int HANDSHAKE_MS = 50;

  private final Listener listener;
  private final Backups backups;
  private final Acceptor acceptor;

  /**
   * Listens, and accepts once {@link #start} is called.
   *
   * @param realtime the priority of the thread that answers; 0 for a normal thread
   */
  public Service(
      Provider provider,
      InetSocketAddress address,
      ListenSettings settings,
      Backups backups,
      BooleanSupplier health,
      int realtime)
      throws IOException {
    this.backups = backups;
    listener = provider.listen(address, settings);
    boolean open = false;
    try {
      acceptor = new Acceptor(provider, listener, backups, health, realtime);
      open = true;
    } finally {
      if (!open) {
        listener.close();
      }
    }
  }

  /**
   * Asks for the claim to serve, and begins on it.
   *
   * @param journal puts it on record, or is null
   * @return null where no guard is set
   */
  public static HeldClaim claim(GuardSetting guard, Journal journal) throws IOException {
    if (!guard.isPresent()) {
      return null;
    }
    WatchJournal record =
        journal == null
            ? WatchJournal.NONE
            : JournalAccess.newWatch(journal, ServerLog::log, WatchJournal::logLate);
    return ServingClaim.begin(guard, record, ServerLog::log);
  }

  /** Begins to accept. */
  public void start() {
    backups.sayEnded(); // nobody is there: code that runs for the first time takes several ms
    acceptor.start();
  }

  public InetSocketAddress localAddress() throws IOException {
    return listener.localAddress();
  }

  /**
   * Says goodbye to the backups and to all that come meanwhile. Returns whether every backup heard
   * it in time. {@link #close} has to follow, whatever this throws.
   */
  public boolean standDown(Duration timeout) throws InterruptedException {
    boolean heard = backups.standDown(timeout);
    if (listener.refuseNew()) {
      Thread.sleep(HANDSHAKE_MS);
    }
    return heard;
  }

  /** Closes the listener and all connections. */
  public void close() {
    acceptor.close();
    if (backups.areToldToLeave()) {
      acceptor.drain(); // closing the listener resets who has not been accepted
    }
    listener.close();
    backups.dropAll();
  }
}
