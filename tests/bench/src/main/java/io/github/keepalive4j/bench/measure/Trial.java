package io.github.keepalive4j.bench.measure;

import io.github.keepalive4j.bench.peer.Ending;
import io.github.keepalive4j.bench.peer.Killer;
import io.github.keepalive4j.bench.peer.LocalPeer;
import io.github.keepalive4j.bench.peer.Loopback;
import io.github.keepalive4j.bench.subject.Stamps;
import io.github.keepalive4j.bench.subject.Subject;
import java.io.IOException;
import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * One death of one peer: a new link, a pause of random length in which the subject goes to sleep,
 * the peer's close, the subject's stamp. The peer is the same for all subjects.
 */
public final class Trial implements AutoCloseable {
  private static final Duration TIMEOUT = Duration.ofSeconds(10);
  private static final long PAUSE_MIN_NS = 300_000;
  private static final long PAUSE_MAX_NS = 900_000;
  private static final int SLOT = 0;

  private final LocalPeer peer = new LocalPeer();
  private final Loopback addresses = new Loopback();
  private final Killer killer;
  private final Stamps stamps;
  private final RandomGenerator random;
  private int peerFd;

  public Trial(Killer killer, Stamps stamps, RandomGenerator random) throws IOException {
    this.killer = killer;
    this.stamps = stamps;
    this.random = random;
  }

  /** Sets a link up. */
  public void prepare(Subject subject) throws IOException {
    stamps.clear();
    subject.watch(peer.at(addresses.next()), SLOT);
    peerFd = peer.accept();
  }

  /** Kills the peer and returns the time from just before its close to the subject's stamp. */
  public long kill(Ending ending) throws IOException {
    return kill(ending, random.nextLong(PAUSE_MIN_NS, PAUSE_MAX_NS));
  }

  /** Kills the peer at once, to warm up: the subject may be awake yet. */
  void killAtOnce(Ending ending) throws IOException {
    var unused = kill(ending, 0);
  }

  private long kill(Ending ending, long pauseNs) throws IOException {
    long killedNs = killer.kill(peerFd, ending, pauseNs);
    stamps.await(1, TIMEOUT);
    return stamps.get(SLOT) - killedNs;
  }

  @Override
  public void close() throws IOException {
    peer.close();
  }
}
