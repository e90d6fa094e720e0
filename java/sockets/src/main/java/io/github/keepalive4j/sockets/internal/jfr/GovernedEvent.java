package io.github.keepalive4j.sockets.internal.jfr;

import io.github.keepalive4j.sockets.SweepListener.SocketUpdate;
import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;

@Name("keepalive4j.SocketGoverned")
@Label("Socket Governed")
@Description("A rule was applied to a socket")
@Category("keepalive4j")
@StackTrace(false)
final class GovernedEvent extends SocketEvent {
  GovernedEvent(SocketUpdate event) {
    super(event);
  }
}
