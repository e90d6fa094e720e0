package io.github.keepalive4j.fast;

import io.github.keepalive4j.Failure;
import io.github.keepalive4j.KeepaliveMonitor;
import io.github.keepalive4j.KeepaliveOptions;
import io.github.keepalive4j.KeepaliveSocket;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;

/**
 * A backup in a JVM of its own, until its standard input ends: connects to the source named first,
 * within each of the budgets named after it, in ms, and writes a line for each event.
 */
final class BackupProgram {
  static final String UP = "up";
  static final String REFUSED = "refused";
  static final String FAILED = "failed";

  private BackupProgram() {}

  public static void main(String[] args) throws IOException {
    Storm.startIfAskedFor();
    InetSocketAddress source = new InetSocketAddress(args[0], Testbed.PORT);
    try (KeepaliveMonitor monitor = KeepaliveMonitor.open()) {
      for (int i = 1; i < args.length; i++) {
        watch(monitor, source, Integer.parseInt(args[i]));
      }
      System.in.read();
    }
  }

  private static void watch(KeepaliveMonitor monitor, InetSocketAddress source, int budgetMs)
      throws IOException {
    try {
      KeepaliveOptions options = KeepaliveOptions.detectWithin(Duration.ofMillis(budgetMs));
      monitor.watch(
          KeepaliveSocket.connect(source, options), failover -> tell(budgetMs, failover.failure()));
      System.out.println(UP + " " + budgetMs);
    } catch (IllegalArgumentException e) {
      System.out.println(REFUSED + " " + budgetMs + ": " + e.getMessage());
    }
  }

  private static void tell(int budgetMs, Failure failure) {
    System.out.println(FAILED + " " + budgetMs + " " + failure.callbackNs() + " " + failure);
  }
}
