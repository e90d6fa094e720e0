package io.github.keepalive4j.bench.measure;

import io.github.keepalive4j.bench.peer.Ending;
import io.github.keepalive4j.bench.peer.Killer;
import io.github.keepalive4j.bench.peer.LocalPeer;
import io.github.keepalive4j.bench.peer.Loopback;
import io.github.keepalive4j.bench.subject.Stamps;
import io.github.keepalive4j.bench.subject.Subject;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * Deaths of peers, one at a time, on links that were set up before: a pause of random length, a
 * peer's close, the subject's stamp. All subjects have the same peer.
 */
public final class Trial implements AutoCloseable {
  private static final Duration TIMEOUT = Duration.ofSeconds(10);
  private static final long PAUSE_MIN_NS = 300_000;
  private static final long PAUSE_MAX_NS = 900_000;

  private final LocalPeer peer = new LocalPeer();
  private final Loopback addresses = new Loopback();
  private final Killer killer;
  private final Stamps stamps;
  private final RandomGenerator random;
  private final List<Integer> peerFds = new ArrayList<>(); // by slot

  public Trial(Killer killer, Stamps stamps, RandomGenerator random) throws IOException {
    this.killer = killer;
    this.stamps = stamps;
    this.random = random;
  }

  /** Forgets the links, all of which have died. */
  public void clear() {
    stamps.clear();
    peerFds.clear();
  }

  /** Sets a link up and returns its slot. */
  public int prepare(Subject subject) throws IOException {
    int slot = peerFds.size();
    subject.watch(peer.at(addresses.next()), slot);
    peerFds.add(peer.accept());
    return slot;
  }

  /** Kills a peer and returns the time from just before its close to the subject's stamp. */
  public long kill(int slot, Ending ending) throws IOException {
    return kill(slot, ending, random.nextLong(PAUSE_MIN_NS, PAUSE_MAX_NS));
  }

  /** Kills a peer at once, to warm up: the subject may still be awake. */
  void killAtOnce(int slot, Ending ending) throws IOException {
    var unused = kill(slot, ending, 0);
  }

  private long kill(int slot, Ending ending, long pauseNs) throws IOException {
    long killedNs = killer.kill(peerFds.get(slot), ending, pauseNs);
    stamps.await(slot, TIMEOUT);
    return stamps.get(slot) - killedNs;
  }

  @Override
  public void close() throws IOException {
    peer.close();
  }
}
