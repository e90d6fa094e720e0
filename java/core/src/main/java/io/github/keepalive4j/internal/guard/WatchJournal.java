package io.github.keepalive4j.internal.guard;

import io.github.keepalive4j.Claim;
import io.github.keepalive4j.ClaimLoss;
import io.github.keepalive4j.Failure;
import io.github.keepalive4j.Journal;
import io.github.keepalive4j.KeepaliveSocket;
import io.github.keepalive4j.internal.AddressText;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalLong;
import java.util.function.Consumer;

/** Puts one watch on record; a journal that can't be written stops nobody. */
public final class WatchJournal {
  /** No journal is kept. */
  public static final WatchJournal NONE = new WatchJournal(null, 0, error -> {});

  private final Journal journal; // null for none
  private final long watch;
  private final Consumer<IOException> errorHandler;

  public WatchJournal(Journal journal, long watch, Consumer<IOException> errorHandler) {
    this.journal = journal;
    this.watch = watch;
    this.errorHandler = errorHandler;
  }

  public boolean isKept() {
    return journal != null;
  }

  public void armed(KeepaliveSocket link) {
    if (journal != null) {
      append("armed", details("peer", AddressText.of(link.peer()), "local", localOf(link)));
    }
  }

  private static String localOf(KeepaliveSocket link) {
    try {
      return AddressText.of(link.localAddress());
    } catch (IOException e) {
      return null; // closed meanwhile
    }
  }

  public void link(String event, KeepaliveSocket link) {
    if (journal != null) {
      append(event, details("peer", AddressText.of(link.peer())));
    }
  }

  public void verdict(Failure failure) {
    if (journal != null) {
      append(
          "verdict",
          details(
              "peer", AddressText.of(failure.peer()),
              "cause", failure.cause().name(),
              "errno", failure.errnoName().orElse(null),
              "verdictNs", failure.verdictNs(),
              "lastHeardNs", boxed(failure.lastHeardNs())));
    }
  }

  public void unguarded() {
    if (journal != null) {
      append("granted", details("claim", "no guard"));
    }
  }

  public void granted(Claim claim) {
    if (journal != null) {
      append(
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
      append("declined", details("reason", reason));
    }
  }

  public void callbackBegin(Claim claim) {
    if (journal != null) {
      append("callback-begin", details("token", claim == null ? null : boxed(claim.token())));
    }
  }

  public void callbackEnd(Throwable error) {
    if (journal != null) {
      append("callback-end", details("error", error == null ? null : error.toString()));
    }
  }

  public void claimLost(Claim claim, ClaimLoss loss) {
    if (journal != null) {
      append(
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

  private void append(String event, Map<String, Object> details) {
    try {
      journal.append(event, details);
    } catch (IOException e) {
      errorHandler.accept(e);
    }
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
}
