package io.github.keepalive4j;

import io.github.keepalive4j.internal.Evidence;
import io.github.keepalive4j.internal.LinkEvent;
import io.github.keepalive4j.internal.NoEvidence;
import io.github.keepalive4j.internal.testing.EventFactory;
import io.github.keepalive4j.internal.testing.OverLink;
import java.util.List;
import java.util.OptionalLong;

/** Calls the constructors of this package for the testkit, which finds it by name. */
final class TestEvents implements EventFactory {
  /** When the source was last heard; a test has no kernel to ask for more. */
  private record LastHeard(OptionalLong lastHeardNs) implements Evidence {
    @Override
    public TcpInfo tcpInfo() {
      return NoEvidence.INSTANCE.tcpInfo();
    }
  }

  @Override
  public Failure failure(FailureSpec spec) {
    LinkEvent.Type type =
        switch (spec.cause()) {
          case LEFT -> LinkEvent.Type.LEFT;
          case VIOLATED -> LinkEvent.Type.VIOLATION;
          default -> LinkEvent.Type.FAILED;
        };
    LinkEvent event =
        new LinkEvent(
            type,
            spec.cause(),
            spec.errno(),
            0,
            spec.octet(),
            spec.verdictNs(),
            new LastHeard(spec.lastHeardNs()));
    KeepaliveSocket link = KeepaliveSocket.over(spec.peer(), new OverLink(spec.localAddress()));
    return new Failure(link, event, spec.verdictNs());
  }

  @Override
  public Failover failover(List<Failure> failures, Claim claim) {
    return new Failover(List.copyOf(failures), claim);
  }

  @Override
  public ClaimRequest claimRequest(List<Failure> failures, long deadlineNs) {
    return new ClaimRequest(List.copyOf(failures), () -> deadlineNs - System.nanoTime());
  }
}
