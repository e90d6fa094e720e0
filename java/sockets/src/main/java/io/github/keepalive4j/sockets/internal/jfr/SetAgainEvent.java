package io.github.keepalive4j.sockets.internal.jfr;

import io.github.keepalive4j.sockets.SweepListener.SocketUpdate;
import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;

@Name("keepalive4j.SocketSetAgain")
@Label("Socket Set Again")
@Description("A socket's options were set again, because somebody else had changed them")
@Category("keepalive4j")
@StackTrace(false)
final class SetAgainEvent extends SocketEvent {
  SetAgainEvent(SocketUpdate event) {
    super(event);
  }
}
