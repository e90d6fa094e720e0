package io.github.keepalive4j.realtime;

import io.github.keepalive4j.KeepaliveMonitor;
import io.github.keepalive4j.KeepaliveServer;
import io.github.keepalive4j.support.Descriptors;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.Callable;

/** Asks for real time, says what was refused, and whether something stayed open. */
final class RealtimeProgram {
  static final int PRIORITY = 10;

  private RealtimeProgram() {}

  public static void main(String[] args) throws Exception {
    if (args.length > 0) {
      throw new IllegalArgumentException("takes no arguments");
    }
    InetSocketAddress any = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    KeepaliveMonitor.open().close(); // what the JVM opens with the first one
    KeepaliveServer.open(any).close();
    int open = Descriptors.count();
    System.out.println(refusal(KeepaliveMonitor.builder().realtime(PRIORITY)::open));
    System.out.println(refusal(() -> KeepaliveServer.builder().realtime(PRIORITY).open(any)));
    System.out.println(
        "left: "
            + (Descriptors.count() - open)
            + " descriptors, "
            + Threads.lockedBytes()
            + " bytes locked, watchdog "
            + Threads.all().stream().anyMatch(thread -> thread.name().equals("ka-watchdog")));
  }

  private static String refusal(Callable<? extends AutoCloseable> open) throws Exception {
    try (AutoCloseable opened = open.call()) {
      return "opened " + opened;
    } catch (IOException e) {
      return e.getMessage();
    }
  }
}
