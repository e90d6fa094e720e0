package io.github.keepalive4j.guard;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.github.keepalive4j.Failover;
import io.github.keepalive4j.FailoverCallback;
import io.github.keepalive4j.KeepaliveSocket;
import io.github.keepalive4j.LinkListener;
import io.github.keepalive4j.Watch;
import io.github.keepalive4j.support.Eventually;
import io.github.keepalive4j.support.FailingSource;
import java.io.IOException;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** A source whose links fail on command, and what the backup hears of it, in order. */
public final class Scene implements AutoCloseable, FailoverCallback, LinkListener {
  private final FailingSource source = new FailingSource();
  private final BlockingQueue<String> heard = new LinkedBlockingQueue<>();
  private volatile Failover failover;

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

  /** Asserts that nothing comes. */
  public void expectNothing() throws InterruptedException {
    assertNull(heard.poll(Eventually.QUIET.toMillis(), TimeUnit.MILLISECONDS));
  }

  /** What the callback was called with. */
  public Failover failover() {
    return failover;
  }

  @Override
  public void onFailover(Failover begun) {
    failover = begun;
    begun.onClaimLost(loss -> add("lost: " + loss.reason()));
    add("callback");
  }

  @Override
  public void onEnded(Watch.End end) {
    if (end.kind() == Watch.End.Kind.DECLINED) {
      add("declined: " + end.reason().orElseThrow());
    }
    if (end.kind() != Watch.End.Kind.CANCELLED) {
      add("ended");
    }
  }

  @Override
  public void close() throws IOException {
    source.close();
  }
}
