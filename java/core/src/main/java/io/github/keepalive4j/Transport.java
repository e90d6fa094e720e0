package io.github.keepalive4j;

import io.github.keepalive4j.internal.Providers;
import io.github.keepalive4j.internal.shim.ShimLibrary;
import java.util.Optional;

/**
 * The two ways to a link: through the C shim, or through the JDK alone.
 *
 * <p>The system property {@value #PROPERTY} ({@code native} or {@code jdk}) chooses. Without it the
 * shim is used where it loads; where it doesn't, a warning says why, once, and links run on the JDK
 * alone. Fast detection is refused then. {@code native} insists on the shim: links, servers and
 * monitors are refused without it. The system property {@value #LIBRARY_PROPERTY} names the shim's
 * file if it is not to come from the jar.
 *
 * <p>More values may be added: a {@code switch} needs a {@code default}.
 */
public enum Transport {
  /** The C shim: every option, exact causes, the kernel's evidence. Linux on x86-64 and AArch64. */
  NATIVE,
  /**
   * {@link java.nio.channels.SocketChannel} and {@link java.nio.channels.Selector}: only the
   * keepalive options. Cause and errno are read from the text of the JDK's exception. There is no
   * {@link TcpInfo} and no suspicion.
   */
  JDK;

  /** The system property that chooses the transport. */
  public static final String PROPERTY = Providers.PROPERTY;

  /** The system property that holds the path of {@code libkeepalive4j.so}. */
  public static final String LIBRARY_PROPERTY = ShimLibrary.PATH_PROPERTY;

  /**
   * Tells whether this transport works here, now. A lack of descriptors or memory isn't remembered.
   */
  public boolean isAvailable() {
    return unavailabilityCause().isEmpty();
  }

  /**
   * Tells why this transport doesn't work here.
   *
   * @return what was tried and how it failed, or empty if it works
   */
  public Optional<Throwable> unavailabilityCause() {
    return this == NATIVE ? Providers.nativeUnavailabilityCause() : Optional.empty();
  }

  /**
   * Returns the transport that new links, servers and monitors use.
   *
   * @throws IllegalStateException if {@value #PROPERTY} asks for the shim and it doesn't load; the
   *     cause says why
   * @throws IllegalArgumentException if {@value #PROPERTY} is neither {@code native} nor {@code
   *     jdk}
   */
  public static Transport selected() {
    return Providers.isNativeSelected() ? NATIVE : JDK;
  }
}
