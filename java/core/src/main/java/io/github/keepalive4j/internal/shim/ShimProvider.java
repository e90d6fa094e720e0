package io.github.keepalive4j.internal.shim;

import io.github.keepalive4j.KeepaliveOptions;
import io.github.keepalive4j.internal.KernelTimers;
import io.github.keepalive4j.internal.Link;
import io.github.keepalive4j.internal.ListenSettings;
import io.github.keepalive4j.internal.Listener;
import io.github.keepalive4j.internal.Poller;
import io.github.keepalive4j.internal.Provider;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Optional;

/** The transport through the C shim. */
public final class ShimProvider implements Provider {
  private static final int DEFAULT_SUSPECT_PROBES = 2;

  @SuppressWarnings(
      "StaticAssignmentOfThrowable") // a class that failed to load once tells why only once
  private static final Throwable UNAVAILABILITY_CAUSE = load();

  static {
    EventLayout.rehearse();
  }

  /** Tells why the shim can't be used here, or nothing if it can. */
  public static Optional<Throwable> unavailabilityCause() {
    return Optional.ofNullable(UNAVAILABILITY_CAUSE);
  }

  private static Throwable load() {
    try {
      int version = Shim.ka_abi_version();
      return version == Layout.ABI_VERSION
          ? null
          : new UnsatisfiedLinkError(
              "the shim has ABI version " + version + ", this jar needs " + Layout.ABI_VERSION);
    } catch (ExceptionInInitializerError e) {
      return e.getCause();
    } catch (LinkageError e) {
      return e;
    }
  }

  @Override
  public void check(KeepaliveOptions options) {}

  @Override
  public int suspectProbes(KeepaliveOptions options) {
    return options.suspectAfter().orElse(DEFAULT_SUSPECT_PROBES);
  }

  /** Keepalive is silent while an answer is unacknowledged: the user timeout stands in for it. */
  @Override
  public KeepaliveOptions sourceDefaults() {
    KeepaliveOptions defaults = KeepaliveOptions.defaults();
    Duration patience = defaults.idle().plus(defaults.interval().multipliedBy(defaults.count()));
    return defaults.toBuilder().userTimeout(patience).build();
  }

  @Override
  public KernelTimers kernelTimers() {
    return new KernelTimers(Math.max(0, Shim.ka_rto_min_us()), Shim.ka_jiffy_us());
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
