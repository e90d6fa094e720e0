package io.github.keepalive4j.zookeeper;

import io.github.keepalive4j.ClaimLoss;
import io.github.keepalive4j.Journal;
import io.github.keepalive4j.KeepaliveServer;
import io.github.keepalive4j.ServerListener;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;

/** A source that serves, and runs a workload, with a claim until its standard input ends. */
final class SourceProgram {
  private SourceProgram() {}

  public static void main(String[] arguments) throws Exception {
    InetSocketAddress address =
        new InetSocketAddress(InetAddress.getByName(arguments[1]), Integer.parseInt(arguments[2]));
    try (Journal journal = Journal.open(Path.of(arguments[3]), Duration.ofSeconds(30));
        ZooKeeperGuard guard =
            ZooKeeperGuard.builder(arguments[0], "vm1")
                .sessionTimeout(Duration.ofSeconds(3))
                .holder("source")
                .open()) {
      Workload workload = new Workload(journal);
      guard.awaitConnected(Duration.ofSeconds(20));
      try (KeepaliveServer server =
          KeepaliveServer.builder()
              .guard(guard, Duration.ofSeconds(20))
              .journal(journal)
              .listener(
                  new ServerListener() {
                    @Override
                    public void onClaimLost(ClaimLoss loss) {
                      System.out.println("lost: " + loss.reason());
                      workload.stop();
                    }
                  })
              .open(address)) {
        server.claim().ifPresent(workload::start);
        System.out.println("serving " + server.claim().orElseThrow().token().orElseThrow());
        System.in.transferTo(OutputStream.nullOutputStream());
        workload.stop();
      }
    }
  }
}
