package io.github.keepalive4j.internal;

import io.github.keepalive4j.internal.nio.NioProvider;
import io.github.keepalive4j.internal.shim.ShimProvider;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;

/** Chooses the transport. */
public final class Providers {
  /** The system property that chooses the transport. */
  public static final String PROPERTY = "keepalive4j.transport";

  private static final System.Logger LOGGER = SafeLogger.get();
  private static final AtomicBoolean LOGGED = new AtomicBoolean();

  private Providers() {}

  /** Returns the transport in use. */
  public static Provider get() {
    return isNativeSelected() ? new ShimProvider() : new NioProvider();
  }

  /** Returns why the shim can't be used here, or empty if it can. */
  public static Optional<Throwable> nativeUnavailabilityCause() {
    return ShimProvider.unavailabilityCause();
  }

  /** Tells whether links go through the shim, not through the JDK alone. */
  public static boolean isNativeSelected() {
    String asked = System.getProperty(PROPERTY, "").toLowerCase(Locale.ROOT);
    return switch (asked) {
      case "" -> prefersNative();
      case "native" -> requireNative();
      case "jdk" -> false;
      default ->
          throw new IllegalArgumentException(
              PROPERTY + " \"" + asked + "\" is neither native nor jdk");
    };
  }

  /**
   * Tells whether the shim loads here and isn't ruled out, for what does without it, too. Unlike
   * {@link #isNativeSelected} it neither warns nor refuses.
   */
  public static boolean mayUseShim() {
    return !System.getProperty(PROPERTY, "").equalsIgnoreCase("jdk")
        && ShimProvider.exclusionCause().isEmpty();
  }

  private static boolean prefersNative() {
    Optional<Throwable> cause = ShimProvider.exclusionCause();
    if (cause.isPresent() && LOGGED.compareAndSet(false, true)) {
      LOGGER.log(
          System.Logger.Level.WARNING,
          "the shim isn't loaded, so links run on the JDK alone: "
              + cause.get().getMessage()
              + "; -D"
              + PROPERTY
              + "=native insists on it, =jdk accepts this");
    }
    return cause.isEmpty();
  }

  private static boolean requireNative() {
    nativeUnavailabilityCause()
        .ifPresent(
            cause -> {
              throw new IllegalStateException(
                  "the native transport is not available: " + cause.getMessage(), cause);
            });
    return true;
  }
}
