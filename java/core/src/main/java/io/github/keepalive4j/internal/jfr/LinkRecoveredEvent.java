package io.github.keepalive4j.internal.jfr;

import io.github.keepalive4j.KeepaliveSocket;
import io.github.keepalive4j.internal.AddressText;
import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;

@Name("keepalive4j.LinkRecovered")
@Label("Link Recovered")
@Description("A suspected source was heard again")
@Category("keepalive4j")
@StackTrace(false)
final class LinkRecoveredEvent extends Event {
  @Label("Peer")
  @Description("The source's address")
  final String peer;

  LinkRecoveredEvent(KeepaliveSocket link) {
    peer = AddressText.of(link.peer());
  }
}
