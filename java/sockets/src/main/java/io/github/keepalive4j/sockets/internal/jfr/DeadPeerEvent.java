package io.github.keepalive4j.sockets.internal.jfr;

import io.github.keepalive4j.sockets.SweepListener.SocketUpdate;
import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;

@Name("keepalive4j.DeadPeer")
@Label("Dead Peer")
@Description("The kernel has ended a connection, because its peer was silent for too long")
@Category("keepalive4j")
@StackTrace(false)
final class DeadPeerEvent extends SocketEvent {
  DeadPeerEvent(SocketUpdate event) {
    super(event);
  }
}
