package io.github.keepalive4j.internal;

import io.github.keepalive4j.KeepaliveOptions;
import io.github.keepalive4j.internal.timing.KernelTimers;
import java.io.IOException;
import java.net.InetSocketAddress;

/** A transport's entry. */
public interface Provider {
  /** Refuses by name what this transport can't honour. */
  void check(KeepaliveOptions options);

  /** Returns after how many unanswered probes a link with these options is suspect; 0 for never. */
  int suspectProbes(KeepaliveOptions options);

  /** Returns the options of a source's connections where it was given none. */
  KeepaliveOptions sourceDefaults();

  /** Returns what decides the smallest budget of fast detection. */
  KernelTimers kernelTimers();

  /** Returns a link that is not connected yet. */
  Link newLink();

  /** Listens. Refuses by name what this transport can't honour. */
  Listener listen(InetSocketAddress address, ListenSettings settings) throws IOException;

  /** Makes an empty set. */
  Poller openPoller() throws IOException;
}
