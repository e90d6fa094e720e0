package io.github.keepalive4j.internal;

import io.github.keepalive4j.KeepaliveOptions;
import java.time.Duration;
import java.util.Optional;

/**
 * What the kernel reports of a socket's options.
 *
 * @param options all but the following
 * @param rtoMin the bound of the retransmission timeout, or empty where the kernel reports none. A
 *     sysctl may set a longer one than {@link KeepaliveOptions.Builder#rtoMin} takes.
 */
public record EffectiveOptions(KeepaliveOptions options, Optional<Duration> rtoMin) {}
