package io.github.keepalive4j.internal.guard;

import io.github.keepalive4j.Journal;
import java.io.IOException;
import java.util.function.Consumer;

/** Makes the record of a takeover that follows from no link, in a journal of the public API. */
public final class JournalAccess {
  private static volatile Factory factory; // set before there is a journal

  private JournalAccess() {}

  /** What the journal's own class can do. */
  public interface Factory {
    WatchJournal newWatch(
        Journal journal, Consumer<IOException> errorHandler, Consumer<String> lateHandler);
  }

  public static void set(Factory own) {
    factory = own;
  }

  public static WatchJournal newWatch(
      Journal journal, Consumer<IOException> errorHandler, Consumer<String> lateHandler) {
    return factory.newWatch(journal, errorHandler, lateHandler);
  }
}
