package io.github.keepalive4j.internal.jfr;

import io.github.keepalive4j.LinkListener;
import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;
import jdk.jfr.Timespan;

@Name("keepalive4j.Confirmed")
@Label("Source Confirmed")
@Description("A source that ended a link answered again, so there is no failover")
@Category("keepalive4j")
@StackTrace(false)
final class ConfirmedEvent extends Event {
  @Label("Peer")
  @Description("The source's address")
  final String peer;

  @Label("Cause")
  @Description("How the former link ended")
  final String cause;

  @Label("Verdict to Answer")
  @Description("Time from the former link's verdict to the source's answer")
  @Timespan(Timespan.NANOSECONDS)
  final long verdictToAnswer;

  ConfirmedEvent(LinkListener.Confirmation confirmation) {
    peer = confirmation.peerText();
    cause = confirmation.failure().cause().name();
    verdictToAnswer = confirmation.time().toNanos();
  }
}
