package io.github.keepalive4j.realtime;

import com.sun.jna.Function;
import com.sun.jna.NativeLibrary;
import io.github.keepalive4j.FailoverCallback;
import io.github.keepalive4j.FailureCause;
import io.github.keepalive4j.KeepaliveMonitor;
import io.github.keepalive4j.KeepaliveOptions;
import io.github.keepalive4j.KeepaliveServer;
import io.github.keepalive4j.KeepaliveSocket;
import io.github.keepalive4j.support.Eventually;
import io.github.keepalive4j.support.LogRecords;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/**
 * Loses the privilege between opening a real-time monitor and watching its first link with probes.
 * Says how the detector is scheduled, what was warned of, and how the link ended.
 */
final class LostPrivilegeProgram {
  private static final int CAPABILITY_VERSION = 0x20080522; // of linux/capability.h
  private static final int CAP_SYS_NICE = 23;

  private LostPrivilegeProgram() {}

  public static void main(String[] args) throws Exception {
    if (args.length > 0) {
      throw new IllegalArgumentException("takes no arguments");
    }
    InetSocketAddress any = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    CompletableFuture<FailureCause> cause = new CompletableFuture<>();
    FailoverCallback callback = failover -> cause.complete(failover.failures().get(0).cause());
    try (LogRecords log = LogRecords.of(KeepaliveMonitor.class);
        KeepaliveMonitor monitor =
            KeepaliveMonitor.builder().realtime(RealtimeProgram.PRIORITY).open();
        KeepaliveServer server = KeepaliveServer.open(any)) {
      KeepaliveSocket link =
          KeepaliveSocket.connect(
              server.localAddress(), KeepaliveOptions.detectWithin(Duration.ofMillis(500)));
      dropPrivilege();
      monitor.watch(link, callback);
      Eventually.await("a warning", () -> !log.warnings().isEmpty());
      System.out.println("ka-detector " + policyOf("ka-detector"));
      System.out.println(String.join("; ", log.warnings()));
      leave(server);
      System.out.println(cause.get());
    }
  }

  /** To its backups a server is gone once it is closed. */
  private static void leave(AutoCloseable server) throws Exception {
    server.close();
  }

  private static int policyOf(String name) throws Exception {
    return Threads.all().stream()
        .filter(thread -> thread.name().equals(name))
        .findAny()
        .orElseThrow()
        .policy();
  }

  /** Takes CAP_SYS_NICE from this thread, and so from those that it starts. */
  private static void dropPrivilege() {
    NativeLibrary libc = NativeLibrary.getInstance("c");
    int[] header = {CAPABILITY_VERSION, 0};
    int[] sets = new int[6]; // effective, permitted and inheritable, twice
    call(libc.getFunction("capget"), header, sets);
    sets[0] &= ~(1 << CAP_SYS_NICE);
    call(libc.getFunction("capset"), header, sets);
  }

  private static void call(Function function, int[] header, int[] sets) {
    int result = function.invokeInt(new Object[] {header, sets});
    if (result != 0) {
      throw new IllegalStateException(function.getName() + " returned " + result);
    }
  }
}
