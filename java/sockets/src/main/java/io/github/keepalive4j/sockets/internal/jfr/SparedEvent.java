package io.github.keepalive4j.sockets.internal.jfr;

import io.github.keepalive4j.sockets.SweepListener.SocketUpdate;
import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;

@Name("keepalive4j.SocketSpared")
@Label("Socket Spared")
@Description("A connection is spared whose peer acknowledges but doesn't read")
@Category("keepalive4j")
@StackTrace(false)
final class SparedEvent extends SocketEvent {
  SparedEvent(SocketUpdate event) {
    super(event);
  }
}
