package io.github.keepalive4j.bench.measure;

import io.github.keepalive4j.bench.peer.BenchLibrary;
import io.github.keepalive4j.bench.peer.Ending;
import io.github.keepalive4j.bench.peer.LocalPeer;
import io.github.keepalive4j.bench.peer.Loopback;
import io.github.keepalive4j.bench.peer.PeerProcess;
import io.github.keepalive4j.bench.subject.Stamps;
import io.github.keepalive4j.bench.subject.Subject;
import java.io.IOException;
import java.time.Duration;

/**
 * A peer's death as one call, for a harness that measures how long a call takes. {@link #die}
 * begins with the peer's close(2) or kill(2) and returns when the subject has called back. As in
 * {@link PeerDeath}, the peer dies on a core of its own, and the subject's threads have the others.
 *
 * <p>The call includes, beyond what {@link PeerDeath} measures, the way of the stamp to a thread
 * that spins: a fraction of 1 µs. It can't end before close(2) returns, nor before a killed process
 * is down.
 *
 * <p>For one thread.
 */
public final class TimedDeath implements AutoCloseable {
  private static final Duration TIMEOUT = Duration.ofSeconds(10);
  private static final int SLOT = 0;

  /** How a peer dies. */
  public enum Kind {
    /** It closes its end, with an RST. */
    RESET,
    /** It closes its end, with a FIN. */
    FIN,
    /** Its process is killed. The kernel takes the process down, and sends a FIN meanwhile. */
    KILL
  }

  /** A subject that stamps in given memory. */
  public interface Opening {
    Subject open(Stamps stamps) throws IOException;
  }

  private final Stamps stamps = new Stamps(1);
  private final LocalPeer peer = new LocalPeer();
  private final Loopback addresses = new Loopback();
  private final Kind kind;
  private final Subject subject;
  private int end; // the armed peer's, unless a process has it
  private PeerProcess process; // null unless it is to be killed

  /** Opens the subject, on the cores that the peer doesn't have. */
  public TimedDeath(Kind kind, Opening opening) throws IOException {
    this.kind = kind;
    takeCores(false);
    subject = opening.open(stamps);
  }

  /** Sets a link up. Afterwards the calling thread is on the peer's core. */
  public void arm() throws IOException {
    stamps.clear();
    if (kind == Kind.KILL) {
      armProcess();
    } else {
      takeCores(false); // threads that the subject starts get them too
      subject.watch(peer.at(addresses.next()), SLOT);
      end = peer.accept(kind == Kind.RESET ? Ending.RESET : Ending.FIN);
    }
    takeCores(true);
  }

  private void armProcess() throws IOException {
    endProcess();
    takeCores(true);
    process = PeerProcess.mortal(Ending.FIN);
    takeCores(false);
    subject.watch(process.at(addresses.next()), SLOT);
    process.awaitAccepted(1);
  }

  /** Ends the peer and waits for the callback. */
  public void die() throws IOException {
    if (kind == Kind.KILL) {
      process.kill();
    } else {
      LocalPeer.close(end);
    }
    stamps.spin(SLOT, TIMEOUT);
  }

  /** Returns when the subject called back, on {@link System#nanoTime()}'s clock. */
  public long calledBackNs() {
    return stamps.get(SLOT);
  }

  private static void takeCores(boolean first) throws IOException {
    BenchLibrary.check("moving to other cores", BenchLibrary.kb_take_cores(first ? 1 : 0));
  }

  private void endProcess() throws IOException {
    if (process != null) {
      process.close();
      process = null;
    }
  }

  @Override
  public void close() throws IOException {
    endProcess();
    subject.close();
    peer.close();
  }
}
