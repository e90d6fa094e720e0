package io.github.keepalive4j.internal.guard;

import io.github.keepalive4j.Claim;
import io.github.keepalive4j.ClaimLoss;
import io.github.keepalive4j.Failure;
import io.github.keepalive4j.KeepaliveSocket;
import io.github.keepalive4j.internal.AddressText;
import io.github.keepalive4j.internal.SafeLogger;
import io.github.keepalive4j.internal.journal.JournalWriter;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalLong;
import java.util.function.Consumer;

/**
 * Puts one watch on record. A journal that can't be written stops nobody, and a disk that hangs
 * holds a whole failover up for no longer than the journal's timeout.
 */
public final class WatchJournal {
  private static final System.Logger LOGGER = SafeLogger.get();

  /** No journal is kept. */
  public static final WatchJournal NONE =
      new WatchJournal(null, 0, error -> {}, WatchJournal::logLate);

  private final JournalWriter journal; // null for none
  private final long watch;
  private final Consumer<IOException> errorHandler;
  private final Consumer<String> lateHandler;
  private Budget budget; // guarded by this: of the lines of the failover
  private boolean takingOver; // guarded by this

  /** Makes the record; the late handler takes the event whose line wasn't on the disk in time. */
  public WatchJournal(
      JournalWriter journal,
      long watch,
      Consumer<IOException> errorHandler,
      Consumer<String> lateHandler) {
    this.journal = journal;
    this.watch = watch;
    this.errorHandler = errorHandler;
    this.lateHandler = lateHandler;
    this.budget = newBudget();
  }

  private Budget newBudget() {
    return new Budget(journal == null ? 0 : journal.timeoutNs());
  }

  /** Logs a line that isn't on the disk in time. */
  public static void logLate(String event) {
    LOGGER.log(
        System.Logger.Level.WARNING,
        "the journal's disk is slow: \"" + event + "\" isn't on it yet, and isn't waited for");
  }

  public boolean isKept() {
    return journal != null;
  }

  /** Notes a link under watch, without waiting: it is put under watch only after this. */
  public void armed(KeepaliveSocket link) {
    if (journal != null) {
      note("armed", details("peer", AddressText.of(link.peer()), "local", localOf(link)));
    }
  }

  private static String localOf(KeepaliveSocket link) {
    try {
      return AddressText.of(link.localAddress());
    } catch (IOException e) {
      return null; // closed meanwhile
    }
  }

  /** Notes the end of a link without a failover. */
  public void gone(String event, KeepaliveSocket link) {
    if (journal != null) {
      append(event, details("peer", AddressText.of(link.peer())));
    }
  }

  /** Notes what a link goes through, without waiting: its failure may be next. */
  public void note(String event, KeepaliveSocket link) {
    if (journal != null) {
      note(event, details("peer", AddressText.of(link.peer())));
    }
  }

  public void verdict(Failure failure) {
    if (journal != null) {
      refill();
      announce(
          "verdict",
          details(
              "peer", AddressText.of(failure.peer()),
              "cause", failure.cause().name(),
              "errno", failure.errnoName().orElse(null),
              "verdictNs", failure.verdictNs(),
              "lastHeardNs", boxed(failure.lastHeardNs())));
    }
  }

  /** Notes why a backup takes over without the failure of a link. */
  public void claimEnded(String peer, String cause) {
    if (journal != null) {
      refill();
      announce(
          "verdict",
          details(
              "peer",
              peer,
              "cause",
              cause,
              "errno",
              null,
              "verdictNs",
              System.nanoTime(),
              "lastHeardNs",
              null));
    }
  }

  /** A link's failure has the whole timeout, unless an earlier one's takeover is under way. */
  private synchronized void refill() {
    if (!takingOver) {
      budget = newBudget();
    }
  }

  /** From now on all lines share what the last verdict has left of the timeout. */
  void takeoverBegins() {
    if (journal != null) {
      synchronized (this) {
        takingOver = true;
      }
    }
  }

  public void unguarded() {
    if (journal != null) {
      announce("granted", details("claim", "no guard"));
    }
  }

  public void granted(Claim claim) {
    if (journal != null) {
      announce(
          "granted",
          details(
              "claim", claim.description(),
              "resource", claim.resource().orElse(null),
              "token", boxed(claim.token()),
              "supersedes", boxed(claim.supersedes())));
    }
  }

  public void declined(String reason) {
    if (journal != null) {
      announce("declined", details("reason", reason));
    }
  }

  public void callbackBegin(Claim claim) {
    if (journal != null) {
      announce("callback-begin", details("token", claim == null ? null : boxed(claim.token())));
    }
  }

  public void callbackEnd(Throwable error) {
    if (journal != null) {
      announce("callback-end", details("error", error == null ? null : error.toString()));
    }
  }

  public void claimLost(Claim claim, ClaimLoss loss) {
    if (journal != null) {
      note(
          "claim-lost",
          details(
              "resource", claim.resource().orElse(null),
              "token", boxed(claim.token()),
              "reason", loss.reason(),
              "validUntilNs", loss.validUntilNs()));
    }
  }

  public void claimReleased(Claim claim) {
    if (journal != null) {
      append(
          "claim-released",
          details("resource", claim.resource().orElse(null), "token", boxed(claim.token())));
    }
  }

  /** Appends a line of the failover, which all wait for the disk from one timeout. */
  private void announce(String event, Map<String, Object> details) {
    Budget own = budget();
    long beginNs = System.nanoTime();
    append(event, details, own.leftNs());
    own.spend(System.nanoTime() - beginNs);
  }

  private synchronized Budget budget() {
    return budget;
  }

  private void append(String event, Map<String, Object> details) {
    append(event, details, journal.timeoutNs());
  }

  private void append(String event, Map<String, Object> details, long limitNs) {
    if (!journal.append(event, details, errorHandler, limitNs)) {
      lateHandler.accept(event);
    }
  }

  private void note(String event, Map<String, Object> details) {
    var unused = journal.append(event, details, errorHandler, 0);
  }

  private Map<String, Object> details(Object... namesAndValues) {
    Map<String, Object> details = new LinkedHashMap<>();
    details.put("watch", watch);
    for (int i = 0; i < namesAndValues.length; i += 2) {
      details.put((String) namesAndValues[i], namesAndValues[i + 1]);
    }
    return details;
  }

  private static Long boxed(OptionalLong value) {
    return value.isPresent() ? (Long) value.getAsLong() : null;
  }

  /** How long a failover may still wait for the disk. */
  private static final class Budget {
    private long leftNs; // guarded by this

    Budget(long leftNs) {
      this.leftNs = leftNs;
    }

    synchronized long leftNs() {
      return leftNs;
    }

    synchronized void spend(long ns) {
      leftNs -= Math.min(leftNs, ns);
    }
  }
}
