import io.github.keepalive4j.Failure;
import io.github.keepalive4j.FailureCause;
import io.github.keepalive4j.KeepaliveMonitor;
import io.github.keepalive4j.KeepaliveOptions;
import io.github.keepalive4j.KeepaliveServer;
import io.github.keepalive4j.KeepaliveSocket;
import io.github.keepalive4j.TcpInfo;
import io.github.keepalive4j.Transport;
import io.github.keepalive4j.testkit.Fault;
import io.github.keepalive4j.testkit.Lab;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** What a user does first, on whatever kernel and machine this is: no time is asserted. */
public final class Smoke {
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  private Smoke() {}

  public static void main(String[] arguments) throws Exception {
    expect("transport", Transport.NATIVE, Transport.selected());
    Duration least = KeepaliveOptions.smallestBudget();
    System.out.println("the smallest budget: " + least);
    expect("callback of a default link", FailureCause.TIMED_OUT, cutWatched(KeepaliveOptions.defaults()));
    Duration fast = least.multipliedBy(4);
    expect("callback of a fast link", FailureCause.TIMED_OUT, cutWatched(KeepaliveOptions.detectWithin(fast)));
    expect("awaitFailure", FailureCause.TIMED_OUT, cutAwaited(KeepaliveOptions.detectWithin(fast)));
  }

  private static void expect(String what, Object expected, Object actual) {
    if (!expected.equals(actual)) {
      throw new AssertionError(what + ": " + actual + " instead of " + expected);
    }
    System.out.println(what + ": " + actual);
  }

  private static KeepaliveServer listen(Lab lab) throws Exception {
    return lab.source().call(() -> KeepaliveServer.open(new InetSocketAddress(lab.source().ipv4(), 0)));
  }

  private static KeepaliveSocket connect(Lab lab, KeepaliveServer source, KeepaliveOptions options)
      throws Exception {
    KeepaliveSocket link =
        lab.backup().call(() -> KeepaliveSocket.connect(source.localAddress(), options));
    TcpInfo info = link.tcpInfo();
    expect("state", TcpInfo.State.ESTABLISHED, info.state());
    return link;
  }

  private static FailureCause cutWatched(KeepaliveOptions options) throws Exception {
    BlockingQueue<Failure> failures = new LinkedBlockingQueue<>();
    try (Lab lab = Lab.open();
        KeepaliveServer source = listen(lab);
        KeepaliveMonitor monitor = KeepaliveMonitor.open()) {
      monitor.watch(
          connect(lab, source, options), failover -> failures.add(failover.failure()));
      try (Fault cut = lab.source().drop()) {
        Failure failure = failures.poll(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        return failure == null ? null : failure.cause();
      }
    }
  }

  private static FailureCause cutAwaited(KeepaliveOptions options) throws Exception {
    try (Lab lab = Lab.open();
        KeepaliveServer source = listen(lab);
        KeepaliveSocket link = connect(lab, source, options);
        Fault cut = lab.source().drop()) {
      return link.awaitFailure(PATIENCE).orElseThrow().cause();
    }
  }
}
