package io.github.keepalive4j.internal.jfr;

import io.github.keepalive4j.KeepaliveSocket;
import io.github.keepalive4j.internal.AddressText;
import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;
import jdk.jfr.Timespan;

@Name("keepalive4j.LinkUp")
@Label("Link Up")
@Description("A link to a source is watched from now on")
@Category("keepalive4j")
@StackTrace(false)
final class LinkUpEvent extends Event {
  @Label("Peer")
  @Description("The source's address")
  final String peer;

  @Label("Options")
  @Description("How the source is probed")
  final String options;

  @Label("Worst-Case Detection")
  @Description("The longest that a silent source stays unnoticed")
  @Timespan(Timespan.MILLISECONDS)
  final long worstCaseDetection;

  LinkUpEvent(KeepaliveSocket link) {
    peer = AddressText.of(link.peer());
    options = link.options().toString();
    worstCaseDetection = link.options().worstCaseDetection().toMillis();
  }
}
