package io.github.keepalive4j;

import io.github.keepalive4j.internal.AddressText;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalLong;
import java.util.function.Consumer;

/** Puts one watch on record; a journal that can't be written stops nobody. */
final class WatchJournal {
  private final Journal journal; // null for none
  private final Consumer<IOException> errorHandler;
  private final long watch;

  WatchJournal(Journal journal, Consumer<IOException> errorHandler) {
    this.journal = journal;
    this.errorHandler = errorHandler;
    this.watch = journal == null ? 0 : journal.nextWatch();
  }

  boolean isKept() {
    return journal != null;
  }

  void armed(KeepaliveSocket link) {
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

  void link(String event, KeepaliveSocket link) {
    if (journal != null) {
      append(event, details("peer", AddressText.of(link.peer())));
    }
  }

  void verdict(Failure failure) {
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

  void unguarded() {
    if (journal != null) {
      append("granted", details("claim", "no guard"));
    }
  }

  void granted(Claim claim) {
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

  void declined(String reason) {
    if (journal != null) {
      append("declined", details("reason", reason));
    }
  }

  void callbackBegin(Claim claim) {
    if (journal != null) {
      append("callback-begin", details("token", claim == null ? null : boxed(claim.token())));
    }
  }

  void callbackEnd(Throwable error) {
    if (journal != null) {
      append("callback-end", details("error", error == null ? null : error.toString()));
    }
  }

  void claimLost(Claim claim, ClaimLoss loss) {
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

  void claimReleased(Claim claim) {
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
