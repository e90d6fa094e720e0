package io.github.keepalive4j.internal;

import io.github.keepalive4j.KeepaliveOptions;
import io.github.keepalive4j.internal.timing.KernelTimers;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;

/** A transport: it makes links, listeners and pollers. */
public interface Provider {
  /** Throws if this transport can't honour an option; the message names it. */
  void check(KeepaliveOptions options);

  /** Returns after how many unanswered probes a link with these options is suspect; 0 for never. */
  int suspectProbes(KeepaliveOptions options);

  /** Returns the options of a source's connections that end when the backup is silent so long. */
  KeepaliveOptions sheddingAfter(Duration silence);

  /** Returns the kernel's timers, which decide the smallest budget of fast detection. */
  KernelTimers kernelTimers();

  /** Returns a link that is not connected yet. */
  Link newLink();

  /** Listens. Throws if this transport can't honour a setting; the message names it. */
  Listener listen(InetSocketAddress address, ListenSettings settings) throws IOException;

  /** Makes an empty set of descriptors. */
  default Poller openPoller() throws IOException {
    return openPoller(0);
  }

  /**
   * Makes an empty set of descriptors, for threads that run in real time.
   *
   * @param realtime their priority, 1 to 99; 0 for normal threads
   * @throws IOException also without the privilege, which the message names
   * @throws UnsupportedOperationException if this transport has no real time
   */
  Poller openPoller(int realtime) throws IOException;
}
