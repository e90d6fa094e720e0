package io.github.keepalive4j.cli.watch;

import io.github.keepalive4j.Failover;
import io.github.keepalive4j.FailureCause;
import io.github.keepalive4j.cli.command.UserCommand;
import io.github.keepalive4j.cli.output.Output;
import io.github.keepalive4j.cli.output.OutputOptions;
import io.github.keepalive4j.internal.testing.EventFactory;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

/** A failover that is played alone. */
class RehearsedFailoverTest {
  private static final Succession MUST_NOT_BE_TOLD = null;

  private static Failover failover() {
    InetSocketAddress nobody = new InetSocketAddress(InetAddress.getLoopbackAddress(), 9);
    EventFactory events = EventFactory.get();
    EventFactory.FailureSpec spec =
        new EventFactory.FailureSpec(
            nobody,
            nobody,
            FailureCause.TIMED_OUT,
            0,
            0,
            OptionalLong.of(System.nanoTime()),
            System.nanoTime());
    return events.failover(List.of(events.failure(spec)), null);
  }

  /** It may, where no process is to be had. Then the real takeover would give way to others. */
  @Test
  void aWarmupThatFailsIsNoFailedTakeover() throws Exception {
    try (Output output = new OutputOptions().openToNowhere();
        UserCommand failing = new UserCommand("exit 1", false)) {
      Links links =
          new Links(
              null,
              output,
              () -> new TakeoverActions(output, null, failing, null),
              MUST_NOT_BE_TOLD,
              () -> {});
      links.takeOver(failover());
    }
  }
}
