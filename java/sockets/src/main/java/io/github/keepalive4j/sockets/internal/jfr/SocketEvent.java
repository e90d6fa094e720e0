package io.github.keepalive4j.sockets.internal.jfr;

import io.github.keepalive4j.internal.AddressText;
import io.github.keepalive4j.sockets.SweepListener.SocketUpdate;
import jdk.jfr.DataAmount;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Timespan;

/** What all events of a socket have. */
abstract class SocketEvent extends Event {
  @Label("Peer")
  @Description("The peer's address")
  final String peer;

  @Label("Local")
  @Description("The socket's own address")
  final String local;

  @Label("Rule")
  @Description("The rule that matched the peer")
  final String rule;

  @Label("Silence")
  @Description("Time since the peer's kernel was heard")
  @Timespan(Timespan.MILLISECONDS)
  final long silence;

  @Label("Queued")
  @Description("Bytes written and not acknowledged")
  @DataAmount
  final long queued;

  SocketEvent(SocketUpdate event) {
    peer = AddressText.of(event.remote());
    local = AddressText.of(event.local());
    rule = event.rule().toString();
    silence = event.silence().toMillis();
    queued = event.queuedBytes();
  }
}
