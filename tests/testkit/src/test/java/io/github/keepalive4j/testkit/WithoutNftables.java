package io.github.keepalive4j.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.keepalive4j.testkit.Traffic.Connection;
import java.io.IOException;
import java.net.Socket;
import java.net.SocketException;
import java.util.List;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.function.Executable;

/** What {@link WithoutNftablesTest} checks, in a JVM that can't load nftables' library. */
enum WithoutNftables {
  CUT {
    @Override
    void check() throws Exception {
      try (Lab lab = Lab.open()) {
        Fault fault = lab.source().drop();
        Traffic.assertLostBothWays(lab.source(), lab.backup());
        assertTrue(hasCarrier(lab.source()));
        assertTrue(hasCarrier(lab.backup()));
        assertEquals("source drops all", fault.toString());
        fault.close();
        fault.close();
        Traffic.assertPassesBothWays(lab.source(), lab.backup());
      }
    }
  },

  TIMEOUT {
    @Override
    void check() throws Exception {
      try (Lab lab = Lab.open()) {
        requireTimeouts(lab.backup(), lab.source(), lab.source()::drop);
      }
    }
  },

  TIMEOUT_AFTER_LINK_DOWN {
    @Override
    void check() throws Exception {
      try (Lab lab = Lab.open()) {
        requireTimeouts(
            lab.source(),
            lab.backup(),
            () -> {
              lab.source().drop();
              lab.source().linkDown().close();
              return null;
            });
      }
    }
  },

  SHORT_CUT {
    @Override
    void check() throws Exception {
      try (Lab lab = Lab.open();
          Connection connection =
              Connection.open(lab.backup(), lab.source(), lab.source().ipv4())) {
        Fault cut = lab.backup().drop();
        connection.client().getOutputStream().write(5);
        cut.close();
        connection.server().setSoTimeout(10_000);
        assertEquals(5, connection.server().getInputStream().read());
      }
    }
  },

  ANY_ORDER {
    @Override
    void check() throws Exception {
      try (Lab lab = Lab.open()) {
        Host source = lab.source();
        Host backup = lab.backup();
        Fault first = source.drop();
        Fault second = source.drop(backup);
        Fault third = backup.drop();
        first.close();
        third.close();
        Traffic.assertLostBothWays(source, backup);
        second.close();
        Traffic.assertPassesBothWays(source, backup);

        Fault down = source.linkDown();
        Fault cut = source.drop();
        down.close();
        Traffic.assertLostBothWays(source, backup);
        down = backup.linkDown();
        cut.close();
        Traffic.assertLostBothWays(source, backup);
        down.close();
        Traffic.assertPassesBothWays(source, backup);
      }
    }
  },

  ONE_OF_THREE {
    @Override
    void check() throws Exception {
      try (Lab lab = Lab.open("a", "b", "c")) {
        Host a = lab.host("a");
        Host b = lab.host("b");
        Host c = lab.host("c");
        Fault cut = a.drop();
        Traffic.assertLostBothWays(a, b);
        Traffic.assertLostBothWays(a, c);
        Traffic.assertPassesBothWays(b, c);
        cut.close();
        Traffic.assertPassesBothWays(a, b);
        Traffic.assertPassesBothWays(a, c);
        assertNeedsNftables(() -> a.drop(b));
      }
    }
  },

  LINK_DOWN {
    @Override
    void check() throws Exception {
      try (Lab lab = Lab.open()) {
        Host source = lab.source();
        Host backup = lab.backup();
        Fault atSource = source.linkDown();
        assertFalse(hasCarrier(backup));
        Fault atBackup = backup.linkDown();
        atSource.close();
        assertFalse(hasCarrier(source));
        Traffic.assertLostBothWays(source, backup);
        atBackup.close();
        assertTrue(hasCarrier(source));
        assertTrue(hasCarrier(backup));
        Traffic.assertPassesBothWays(source, backup);
      }
    }
  },

  REFUSAL {
    @Override
    void check() throws Exception {
      try (Lab lab = Lab.open()) {
        Host source = lab.source();
        Host backup = lab.backup();
        List<Executable> faults =
            List.of(
                source::reject,
                source::dropIncoming,
                source::dropOutgoing,
                () -> source.rejectFrom(backup),
                () -> source.dropFrom(backup),
                () -> source.dropTo(backup),
                () -> source.lossy(1),
                () -> source.lossyIncoming(1),
                () -> source.lossyOutgoing(1));
        for (Executable fault : faults) {
          assertNeedsNftables(fault);
        }
        assertTrue(
            Lab.nftablesUnavailabilityCause().orElseThrow().contains("apt-get install nftables"));
        Traffic.assertPassesBothWays(source, backup);
      }
    }
  };

  abstract void check() throws Exception;

  public static void main(String[] args) throws Exception {
    valueOf(args[0]).check();
    System.out.println("checked " + args[0]);
    System.exit(0);
  }

  /** By IPv4 and IPv6, and for longer than the kernel looks for a lost neighbour. */
  private static void requireTimeouts(Host from, Host to, Callable<?> cut) throws Exception {
    from.run("sh", "-c", "echo 5 > /proc/sys/net/ipv4/tcp_retries2");
    try (Connection first = Connection.open(from, to, to.ipv4());
        Connection second = Connection.open(from, to, to.ipv6())) {
      List<Socket> clients = List.of(first.client(), second.client());
      cut.call();
      for (Socket client : clients) {
        client.setSoTimeout(60_000);
        client.getOutputStream().write(1);
      }
      for (Socket client : clients) {
        SocketException failure =
            assertThrows(SocketException.class, () -> client.getInputStream().read());
        assertEquals("Connection timed out", failure.getMessage());
      }
    }
  }

  private static void assertNeedsNftables(Executable fault) {
    String message = assertThrows(IOException.class, fault).getMessage();
    assertTrue(
        message.startsWith(
            "this fault needs nftables (apt-get install nftables): "
                + "Unable to load library 'libnftables.so.1'"),
        message);
  }

  private static boolean hasCarrier(Host host) throws Exception {
    return host.run("ip", "-o", "link", "show", "dev", host.device()).contains("LOWER_UP");
  }
}
