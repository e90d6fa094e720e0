package io.github.keepalive4j.bench.peer;

import java.io.IOException;

/**
 * The thread that kills peers, in C and on a core of its own. The thread that opens it, and those
 * started from there, get the other cores. So every subject's wake-up crosses from core to core.
 */
public final class Killer implements AutoCloseable {
  private final long killer;

  public Killer() throws IOException {
    long[] made = new long[1];
    BenchLibrary.check("starting the killer", BenchLibrary.kb_killer_open(made));
    killer = made[0];
  }

  /**
   * Kills the peer's end of a link after a pause.
   *
   * @return the time just before it was closed, on {@link System#nanoTime()}'s clock
   */
  public long kill(int fd, Ending ending, long pauseNs) throws IOException {
    int reset = ending == Ending.RESET ? 1 : 0;
    long killedNs = BenchLibrary.kb_killer_kill(killer, fd, reset, pauseNs);
    if (killedNs < 0) {
      throw new IOException("killing a peer: errno " + -killedNs);
    }
    return killedNs;
  }

  @Override
  public void close() throws IOException {
    BenchLibrary.check("ending the killer", BenchLibrary.kb_killer_close(killer));
  }
}
