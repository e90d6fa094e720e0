package io.github.keepalive4j.internal.shim;

import io.github.keepalive4j.KeepaliveException;
import io.github.keepalive4j.KeepaliveOptions;
import io.github.keepalive4j.internal.Errno;
import io.github.keepalive4j.internal.Link;
import io.github.keepalive4j.internal.ListenSettings;
import io.github.keepalive4j.internal.Listener;
import io.github.keepalive4j.internal.Poller;
import io.github.keepalive4j.internal.Provider;
import io.github.keepalive4j.internal.timing.KernelTimers;
import io.github.keepalive4j.internal.timing.Patience;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Optional;

/** The transport through the C shim. */
public final class ShimProvider implements Provider {
  private static final int DEFAULT_SUSPECT_PROBES = 2;

  private static volatile KernelTimers timers; // null until they have been read

  /** Returns why the shim can't be used here, or empty if it can. */
  public static Optional<Throwable> unavailabilityCause() {
    return Optional.ofNullable(ShimTrial.get().failure());
  }

  /** Returns why the shim will never load here, or empty if it does or may. */
  public static Optional<Throwable> exclusionCause() {
    ShimTrial trial = ShimTrial.get();
    return trial.isFinal() ? Optional.ofNullable(trial.failure()) : Optional.empty();
  }

  @Override
  public void check(KeepaliveOptions options) {}

  @Override
  public int suspectProbes(KeepaliveOptions options) {
    return options.suspectAfter().orElse(DEFAULT_SUSPECT_PROBES);
  }

  @Override
  public KeepaliveOptions sheddingAfter(Duration silence) {
    return Patience.withUserTimeout(silence);
  }

  @Override
  public KernelTimers kernelTimers() {
    KernelTimers known = timers;
    if (known == null) {
      known = readTimers();
      timers = known;
    }
    return known;
  }

  private static KernelTimers readTimers() {
    try {
      ShimLibrary.acquire();
      try {
        return new KernelTimers(rtoMinUs(), Shim.ka_jiffy_us());
      } finally {
        ShimLibrary.release();
      }
    } catch (IOException e) {
      throw new UncheckedIOException("reading the kernel's timers: " + e.getMessage(), e);
    }
  }

  /** Returns 0 only if the kernel itself says that it has no such option. */
  private static int rtoMinUs() throws KeepaliveException {
    int rtoMinUs = Shim.ka_rto_min_us();
    if (rtoMinUs < 0 && rtoMinUs != -Errno.ENOPROTOOPT.number()) {
      throw new KeepaliveException("trying TCP_RTO_MIN_US", -rtoMinUs);
    }
    return Math.max(0, rtoMinUs);
  }

  @Override
  public Link newLink() {
    return new ShimLink();
  }

  @Override
  public Listener listen(InetSocketAddress address, ListenSettings settings) throws IOException {
    return new ShimListener(address, settings);
  }

  @Override
  public Poller openPoller(int realtime) throws IOException {
    return new ShimPoller(realtime);
  }
}
