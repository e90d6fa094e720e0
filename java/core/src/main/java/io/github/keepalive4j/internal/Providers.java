package io.github.keepalive4j.internal;

import io.github.keepalive4j.Transport;
import io.github.keepalive4j.internal.nio.NioProvider;
import io.github.keepalive4j.internal.shim.ShimProvider;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;

/** Chooses the transport. */
public final class Providers {
  private static final System.Logger LOGGER = System.getLogger(Transport.class.getPackageName());
  private static final AtomicBoolean TOLD = new AtomicBoolean();

  private Providers() {}

  /** Returns the entry of the transport in use. */
  public static Provider get() {
    return Transport.selected() == Transport.NATIVE ? new ShimProvider() : new NioProvider();
  }

  public static Optional<Throwable> unavailabilityCause(Transport transport) {
    return transport == Transport.NATIVE ? ShimProvider.unavailabilityCause() : Optional.empty();
  }

  public static Transport selected() {
    String asked = System.getProperty(Transport.PROPERTY, "").toLowerCase(Locale.ROOT);
    return switch (asked) {
      case "" -> preferred();
      case "native" -> required();
      case "jdk" -> Transport.JDK;
      default ->
          throw new IllegalArgumentException(
              Transport.PROPERTY + " \"" + asked + "\" is neither native nor jdk");
    };
  }

  private static Transport preferred() {
    Optional<Throwable> refusalReason = Transport.NATIVE.unavailabilityCause();
    if (refusalReason.isEmpty()) {
      return Transport.NATIVE;
    }
    if (TOLD.compareAndSet(false, true)) {
      LOGGER.log(
          System.Logger.Level.INFO,
          "the shim isn't loaded, so links run on the JDK alone: "
              + refusalReason.get().getMessage());
    }
    return Transport.JDK;
  }

  private static Transport required() {
    Transport.NATIVE
        .unavailabilityCause()
        .ifPresent(
            cause -> {
              throw new IllegalStateException(
                  "the native transport is not available: " + cause.getMessage(), cause);
            });
    return Transport.NATIVE;
  }
}
