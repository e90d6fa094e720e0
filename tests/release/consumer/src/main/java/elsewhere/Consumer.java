package elsewhere;

import io.github.keepalive4j.Failure;
import io.github.keepalive4j.FailureCause;
import io.github.keepalive4j.KeepaliveMonitor;
import io.github.keepalive4j.KeepaliveOptions;
import io.github.keepalive4j.KeepaliveServer;
import io.github.keepalive4j.KeepaliveSocket;
import io.github.keepalive4j.Transport;
import io.github.keepalive4j.sockets.DeadPeerSocketFactory;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** Watches a source that ends, has a driver's socket set, and tells on what it ran. */
public final class Consumer {
  private Consumer() {}

  public static void main(String[] arguments) throws Exception {
    System.out.println(failover() + " " + isSocketSet() + " " + Transport.selected());
  }

  private static FailureCause failover() throws Exception {
    InetSocketAddress any = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    KeepaliveServer source = KeepaliveServer.open(any);
    BlockingQueue<Failure> failures = new LinkedBlockingQueue<>();
    try (KeepaliveMonitor monitor = KeepaliveMonitor.open()) {
      monitor.watch(
          KeepaliveSocket.connect(source.localAddress(), KeepaliveOptions.defaults()),
          failover -> failures.add(failover.failure()));
      while (source.connections() == 0) {
        Thread.onSpinWait(); // what was not accepted would be reset
      }
      source.close();
      return failures.poll(10, TimeUnit.SECONDS).cause();
    }
  }

  private static boolean isSocketSet() throws Exception {
    InetAddress loopback = InetAddress.getLoopbackAddress();
    try (ServerSocket server = new ServerSocket(0, 1, loopback);
        Socket socket =
            new DeadPeerSocketFactory("within=30s").createSocket(loopback, server.getLocalPort())) {
      return socket.getKeepAlive();
    }
  }
}
