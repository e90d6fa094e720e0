package io.github.keepalive4j.internal.server;

import io.github.keepalive4j.internal.Link;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;

/** A backup's connection to a server. */
public final class ServerConnection {
  private static final byte ANSWER = 'A';
  private static final byte FAREWELL = 'G';
  private static final byte HOLD_BACK = 'H';
  private static final byte ENDED = 'E';

  private final Link link;
  private final InetSocketAddress backup;
  private final AtomicBoolean lastWordSent = new AtomicBoolean();
  private volatile boolean asked;
  private volatile boolean leaving;
  private volatile boolean knowsEnded;
  private Question question; // guarded by this; null unless one is unanswered

  private record Question(long sentNs, CompletableFuture<Long> promise) {}

  public ServerConnection(Link link, InetSocketAddress backup) {
    this.link = link;
    this.backup = backup;
  }

  /** Returns the server's end. */
  public Link link() {
    return link;
  }

  /** Returns where it came from. */
  public InetSocketAddress backup() {
    return backup;
  }

  /** Tells whether it has sent a query, and so understands a byte from the server. */
  public boolean hasAsked() {
    return asked;
  }

  /**
   * Notes a query. Returns whether it is still to be answered; a source that stands down says
   * goodbye instead.
   */
  public boolean recordQuery() {
    asked = true;
    if (leaving) {
      sayFarewell();
    }
    return !leaving;
  }

  /** Says goodbye: now if it has asked, otherwise as soon as it asks. */
  public void standDown() {
    leaving = true; // before asked is read, because recordQuery() writes asked and then reads this
    if (asked) {
      sayFarewell();
    }
  }

  public void answer() {
    send(ANSWER);
  }

  /**
   * Asks the backup to hold back, unless a question is unanswered: an answer must not be taken for
   * that to a later question. One that has sent no query doesn't understand the question.
   */
  synchronized CompletableFuture<Long> askToHoldBack() {
    if (!asked) {
      return new CompletableFuture<>();
    }
    if (question == null) {
      question = new Question(System.nanoTime(), new CompletableFuture<>());
      send(HOLD_BACK);
    }
    return question.promise().copy();
  }

  /**
   * Takes the backup's promise, which answers the question that was sent. One that nobody asked for
   * comes before the first query, and says that the backup knows what {@link #sayEnded} sends.
   */
  void promised() {
    Question answered;
    synchronized (this) {
      answered = question;
      question = null;
    }
    if (answered == null) {
      knowsEnded = true;
    } else {
      answered.promise().complete(answered.sentNs());
    }
  }

  /** Tells the backup not to take over, once. */
  public void sayFarewell() {
    sayLast(FAREWELL);
  }

  /** Tells the backup, if it knows the word, that what it would take over has ended. */
  void sayEnded() {
    if (knowsEnded) {
      sayLast(ENDED);
    }
  }

  private void sayLast(byte octet) {
    if (lastWordSent.compareAndSet(false, true)) {
      send(octet);
    }
  }

  private void send(byte octet) {
    try {
      link.send(octet);
    } catch (IOException e) {
      ServerLog.LOGGER.log(
          System.Logger.Level.DEBUG, "can't send to " + backup, e); // its failure follows
    }
  }
}
