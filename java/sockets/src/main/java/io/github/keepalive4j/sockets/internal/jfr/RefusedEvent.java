package io.github.keepalive4j.sockets.internal.jfr;

import io.github.keepalive4j.sockets.SweepListener.SocketUpdate;
import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;

@Name("keepalive4j.SocketRefused")
@Label("Socket Refused")
@Description("The kernel refused to set a socket's options")
@Category("keepalive4j")
@StackTrace(false)
final class RefusedEvent extends SocketEvent {
  @Label("Error")
  @Description("Which option, and why")
  final String error;

  RefusedEvent(SocketUpdate event) {
    super(event);
    error = event.cause().map(Exception::getMessage).orElse(null);
  }
}
