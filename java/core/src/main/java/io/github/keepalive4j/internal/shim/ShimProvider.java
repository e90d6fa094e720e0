package io.github.keepalive4j.internal.shim;

import io.github.keepalive4j.KeepaliveOptions;
import io.github.keepalive4j.internal.Link;
import io.github.keepalive4j.internal.ListenSettings;
import io.github.keepalive4j.internal.Listener;
import io.github.keepalive4j.internal.Poller;
import io.github.keepalive4j.internal.Provider;
import io.github.keepalive4j.internal.timing.KernelTimers;
import io.github.keepalive4j.internal.timing.Patience;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Optional;

/** The transport through the C shim. */
public final class ShimProvider implements Provider {
  private static final int DEFAULT_SUSPECT_PROBES = 2;

  private static final Trial TRIAL = Trial.run();

  /**
   * The result of loading the shim for the first time.
   *
   * @param failure why the shim can't be used here, or null if it can
   * @param timers the kernel's, or null if the shim can't be used here
   */
  private record Trial(Throwable failure, KernelTimers timers) {
    static Trial run() {
      try {
        ShimLibrary.acquire();
      } catch (IOException e) {
        return new Trial(e.getCause(), null);
      } catch (LinkageError e) { // JNA itself isn't there
        return new Trial(e, null);
      }
      try {
        int version = Shim.ka_abi_version();
        return version == Layout.ABI_VERSION
            ? new Trial(null, readTimers())
            : new Trial(otherAbi(version), null);
      } finally {
        ShimLibrary.release();
      }
    }

    private static KernelTimers readTimers() {
      return new KernelTimers(Math.max(0, Shim.ka_rto_min_us()), Shim.ka_jiffy_us());
    }

    private static Throwable otherAbi(int version) {
      return new UnsatisfiedLinkError(
          "the shim has ABI version " + version + ", this jar needs " + Layout.ABI_VERSION);
    }
  }

  static {
    EventLayout.warmUp();
  }

  /** Returns why the shim can't be used here, or empty if it can. */
  public static Optional<Throwable> unavailabilityCause() {
    return Optional.ofNullable(TRIAL.failure());
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
    return TRIAL.timers();
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
  public Poller openPoller() throws IOException {
    return new ShimPoller();
  }
}
