package io.github.keepalive4j.internal.jfr;

import io.github.keepalive4j.Failure;
import io.github.keepalive4j.TcpInfo;
import io.github.keepalive4j.internal.AddressText;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;
import jdk.jfr.Timespan;
import jdk.jfr.Timestamp;

@Name("keepalive4j.Verdict")
@Label("Verdict")
@Description("A link ended: it failed, its source stood down, or its peer broke the protocol")
@Category("keepalive4j")
@StackTrace(false)
final class VerdictEvent extends Event {
  /** Shown as N/A. */
  private static final long UNKNOWN = Long.MIN_VALUE;

  @Label("Peer")
  @Description("The source's address")
  final String peer;

  @Label("Cause")
  final String cause;

  @Label("Errno")
  @Description("The socket's pending error; none for a FIN or a probe's deadline")
  final String errno;

  @Label("Verdict Time")
  @Description("When the link was judged, on the native thread; the callback's records the event")
  @Timestamp(Timestamp.MILLISECONDS_SINCE_EPOCH)
  final long verdictTime;

  @Label("Silence")
  @Description("For how long the source's kernel had not been heard at the verdict")
  @Timespan(Timespan.MILLISECONDS)
  final long silence;

  @Label("Probes")
  @Description("Keepalive probes unanswered at the verdict, -1 where unknown")
  final int probes;

  @Label("Round-Trip Time")
  @Description("The connection's smoothed round-trip time")
  @Timespan(Timespan.MICROSECONDS)
  final long roundTripTime;

  VerdictEvent(Failure failure) {
    peer = AddressText.of(failure.peer());
    cause = failure.cause().name();
    errno = failure.errnoName().orElse(null);
    long agoNs = System.nanoTime() - failure.verdictNs();
    verdictTime = System.currentTimeMillis() - TimeUnit.NANOSECONDS.toMillis(agoNs);
    silence = failure.silence().map(Duration::toMillis).orElse(UNKNOWN);
    TcpInfo info = failure.tcpInfo().orElse(null);
    probes = info == null ? -1 : info.probes();
    roundTripTime = info == null ? UNKNOWN : TimeUnit.NANOSECONDS.toMicros(info.rtt().toNanos());
  }
}
