package io.github.keepalive4j.guard;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;

import io.github.keepalive4j.FailoverCallback;
import io.github.keepalive4j.Failure;
import io.github.keepalive4j.KeepaliveSocket;
import io.github.keepalive4j.LinkListener;
import io.github.keepalive4j.support.FailingSource;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** A source whose links fail on command, and what the backup hears of it, in order. */
public final class Scene implements AutoCloseable, FailoverCallback, LinkListener {
  private final FailingSource source = new FailingSource();
  private final BlockingQueue<String> heard = new LinkedBlockingQueue<>();
  private volatile Failure claimed;

  public Scene() throws IOException {}

  public KeepaliveSocket connect() throws IOException {
    return source.connectLink();
  }

  /** Closes the oldest link at the source. */
  public void fail() throws IOException {
    source.failOne();
  }

  public void add(String what) {
    heard.add(what);
  }

  /** Asserts what comes next. */
  public void expect(String what) throws InterruptedException {
    assertEquals(what, next());
  }

  public String next() throws InterruptedException {
    String next = heard.poll(10, TimeUnit.SECONDS);
    assertNotNull(next, "nothing heard");
    return next;
  }

  /** Asserts that nothing has come that was not expected. */
  public void expectNothing() {
    assertEquals(List.of(), List.copyOf(heard));
  }

  /** The failure of the callback. */
  public Failure claimed() {
    return claimed;
  }

  @Override
  public void onFailover(Failure failure) {
    claimed = failure;
    add("callback");
  }

  @Override
  public void onClaimLost(Failure failure, String reason) {
    add("lost: " + reason);
  }

  @Override
  public void onDeclined(Failure failure, String reason) {
    add("declined: " + reason);
  }

  @Override
  public void onFailed(Failure failure) {
    add("failed");
  }

  @Override
  public void close() throws IOException {
    source.close();
  }
}
