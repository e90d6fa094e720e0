package io.github.keepalive4j.internal.jfr;

import io.github.keepalive4j.KeepaliveSocket;
import io.github.keepalive4j.internal.AddressText;
import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;

@Name("keepalive4j.LinkSuspect")
@Label("Link Suspect")
@Description(
    "Probes have gone unanswered. Recorded for links that have a listener"
        + " or were first watched during a recording")
@Category("keepalive4j")
@StackTrace(false)
final class LinkSuspectEvent extends Event {
  @Label("Peer")
  @Description("The source's address")
  final String peer;

  @Label("Probes")
  @Description("Probes unanswered so far")
  final int probes;

  LinkSuspectEvent(KeepaliveSocket link, int probes) {
    this.peer = AddressText.of(link.peer());
    this.probes = probes;
  }
}
