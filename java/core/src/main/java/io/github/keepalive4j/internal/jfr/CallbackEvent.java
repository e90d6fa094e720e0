package io.github.keepalive4j.internal.jfr;

import io.github.keepalive4j.Failure;
import io.github.keepalive4j.internal.AddressText;
import java.util.List;
import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;
import jdk.jfr.Timespan;

/** A run of a failover callback. */
@Name("keepalive4j.Callback")
@Label("Failover Callback")
@Description("A failover callback ran")
@Category("keepalive4j")
@StackTrace(false)
public final class CallbackEvent extends Event {
  @Label("Peer")
  @Description("The source's address, on the link whose failure decided")
  String peer;

  @Label("Cause")
  @Description("The cause of the failure that decided")
  String cause;

  @Label("Links")
  @Description("How many links had failed: more than 1 only in a group")
  int links;

  @Label("Verdict to Callback")
  @Description("Time from the deciding verdict to the callback, including the guard's")
  @Timespan(Timespan.NANOSECONDS)
  long verdictToCallback;

  @Label("Error")
  @Description("What the callback threw, or none")
  String error;

  CallbackEvent() {}

  void fill(List<Failure> failures, Throwable thrown) {
    Failure deciding = failures.get(failures.size() - 1);
    peer = AddressText.of(deciding.peer());
    cause = deciding.cause().name();
    links = failures.size();
    verdictToCallback = deciding.callbackNs() - deciding.verdictNs();
    error = thrown == null ? null : thrown.toString();
  }
}
