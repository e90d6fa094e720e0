package io.github.keepalive4j.internal.guard;

import io.github.keepalive4j.ClaimRequest;
import io.github.keepalive4j.Failure;
import io.github.keepalive4j.TakeoverGuard;
import io.github.keepalive4j.internal.Range;
import io.github.keepalive4j.internal.SafeLogger;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongSupplier;

/** Who is asked before a takeover, and for how long. Immutable. */
public final class GuardSetting {
  private static final System.Logger LOGGER = SafeLogger.get();

  /** Nobody is asked. */
  public static final GuardSetting NONE = new GuardSetting(null, Duration.ZERO, null, true);

  private final TakeoverGuard guard; // null for none
  private final Duration timeout;
  private final RequestFactory requests;
  private final boolean recorded;
  private final AtomicBoolean isDisarmed = new AtomicBoolean();

  private GuardSetting(
      TakeoverGuard guard, Duration timeout, RequestFactory requests, boolean recorded) {
    this.guard = guard;
    this.timeout = timeout;
    this.requests = requests;
    this.recorded = recorded;
  }

  /** Makes a request whose constructor is not public. */
  public interface RequestFactory {
    ClaimRequest newRequest(List<Failure> failures, LongSupplier leftNs);
  }

  public static GuardSetting of(TakeoverGuard guard, Duration timeout, RequestFactory requests) {
    return new GuardSetting(
        Objects.requireNonNull(guard, "guard"),
        Range.checkMillisecondToDay("timeout", timeout),
        requests,
        true);
  }

  /** Returns a setting of whose questions the flight recorder doesn't hear. */
  public GuardSetting forWarmup() {
    return new GuardSetting(guard, timeout, requests, false);
  }

  boolean isRecorded() {
    return recorded;
  }

  public boolean isPresent() {
    return guard != null;
  }

  /** Returns the setting of one watch, whose guard is armed. */
  public GuardSetting arm() {
    return guard == null ? this : new GuardSetting(armed(guard), timeout, requests, recorded);
  }

  private static TakeoverGuard armed(TakeoverGuard guard) {
    return Objects.requireNonNull(guard.arm(), "the guard's arm() returned null");
  }

  /** Tells the armed guard that a link of its watch is up. */
  void connected() {
    if (guard != null) {
      tell("connected()", guard::connected);
    }
  }

  /** Tells the armed guard, once, that its watch has ended or never began. */
  public void disarm() {
    if (guard != null && !isDisarmed.getAndSet(true)) {
      tell("disarm()", guard::disarm);
    }
  }

  private static void tell(String what, Runnable call) {
    try {
      call.run();
    } catch (Throwable e) { // whatever it is, the watch must go on
      LOGGER.log(System.Logger.Level.WARNING, "a guard's " + what + " failed", e);
    }
  }

  TakeoverGuard guard() {
    return guard;
  }

  Duration timeout() {
    return timeout;
  }

  /** Returns a request that is declined once no time is left. */
  ClaimRequest newRequest(List<Failure> failures, LongSupplier leftNs) {
    return requests.newRequest(failures, leftNs);
  }
}
