package io.github.keepalive4j.sockets.internal.jfr;

import io.github.keepalive4j.sockets.SweepListener.SocketUpdate;
import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;

@Name("keepalive4j.SocketStuck")
@Label("Socket Stuck")
@Description("What was sent on a connection has been unacknowledged for longer than its budget")
@Category("keepalive4j")
@StackTrace(false)
final class StuckEvent extends SocketEvent {
  @Label("Ended")
  @Description("Whether the connection was shut down")
  final boolean ended;

  StuckEvent(SocketUpdate event) {
    super(event);
    ended = event.isEnded();
  }
}
