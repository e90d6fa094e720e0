package io.github.keepalive4j.cli.sockets;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.keepalive4j.cli.EventLine;
import io.github.keepalive4j.cli.Keepalive;
import io.github.keepalive4j.internal.AddressText;
import io.github.keepalive4j.internal.sockets.Duplicate;
import io.github.keepalive4j.support.Background;
import io.github.keepalive4j.support.Needs;
import io.github.keepalive4j.testkit.Fault;
import io.github.keepalive4j.testkit.Lab;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.StandardSocketOptions;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import jdk.net.ExtendedSocketOptions;
import org.junit.jupiter.api.Test;

/** How long a connection hangs is told before a real cut, and while it hangs. */
class HangPredictionTest {
  private static final Path SYSTEM = Path.of("/proc/sys/net/ipv4/tcp_retries2");
  private static final int RETRIES2 = 5; // 25.6 s, long enough for a command that starts slowly
  private static final Duration LIMIT = Duration.ofSeconds(60);

  /** A loss probe needs selective acknowledgements: one lost segment may pass for another. */
  private static final long EARLIER_MS = 1_000;

  private static final long LATER_MS = 2_000;

  @Test
  void aConnectionHangsForAsLongAsIsTold() throws Exception {
    try (Lab lab = Needs.openLab();
        ServerSocket source =
            lab.source().call(() -> new ServerSocket(0, 50, lab.source().ipv4()))) {
      lab.backup().call(() -> Files.writeString(SYSTEM, Integer.toString(RETRIES2)));
      List<Link> links = new ArrayList<>();
      try {
        links.add(Link.open(lab, source, "idle", 5, 5, 5, 0)); // 30 s
        links.add(Link.open(lab, source, "idle", 5, 5, 9, 23_000)); // 25 s
        links.add(Link.open(lab, source, "sending", 600, 1, 1, 0)); // 25.6 s
        links.add(Link.open(lab, source, "sending", 600, 1, 1, 20_000)); // 20.4 s
        List<EventLine> before = told();
        Fault cut = lab.source().drop();
        long cutNs = System.nanoTime();
        for (Link link : links) {
          link.begin();
        }
        List<EventLine> during = told();
        for (Link link : links) {
          long endNs = link.awaitEnd();
          requireNear(link, link.predictedNs(during), endNs);
          if (link.isSending()) {
            requireNear(link, cutNs + link.hangNs(before), endNs);
          }
        }
        cut.close();
      } finally {
        for (Link link : links) {
          link.socket.close();
        }
      }
    }
  }

  private static void requireNear(Link link, long predictedNs, long endNs) {
    long lateMs = Duration.ofNanos(endNs - predictedNs).toMillis();
    assertTrue(lateMs > -EARLIER_MS && lateMs < LATER_MS, () -> link + " is late by " + lateMs);
  }

  private static List<EventLine> told() throws Exception {
    try (Keepalive command =
        Keepalive.run("sockets", "--pid", Long.toString(ProcessHandle.current().pid()), "--json")) {
      assertEquals(0, command.awaitEnd(), command::output);
      return command.events("socket");
    }
  }

  /** A connection that is blocked in read, idle or with data in flight. */
  private record Link(Socket socket, String activity, Background<Long> end) {
    static Link open(
        Lab lab,
        ServerSocket source,
        String activity,
        int idle,
        int interval,
        int count,
        int userTimeoutMs)
        throws Exception {
      InetSocketAddress address = (InetSocketAddress) source.getLocalSocketAddress();
      Socket socket = lab.backup().call(() -> new Socket(address.getAddress(), address.getPort()));
      socket.setOption(StandardSocketOptions.SO_KEEPALIVE, true);
      socket.setOption(ExtendedSocketOptions.TCP_KEEPIDLE, idle);
      socket.setOption(ExtendedSocketOptions.TCP_KEEPINTERVAL, interval);
      socket.setOption(ExtendedSocketOptions.TCP_KEEPCOUNT, count);
      Socket accepted = source.accept();
      try (Duplicate duplicate = Duplicate.find(local(socket), address)) {
        duplicate.setUserTimeout(userTimeoutMs);
      }
      Background<Long> end =
          Background.start(
              () -> {
                assertThrows(IOException.class, () -> socket.getInputStream().read());
                accepted.close();
                return System.nanoTime();
              });
      return new Link(socket, activity, end);
    }

    private static InetSocketAddress local(Socket socket) {
      return (InetSocketAddress) socket.getLocalSocketAddress();
    }

    boolean isSending() {
      return activity.equals("sending");
    }

    void begin() throws IOException {
      if (isSending()) {
        socket.getOutputStream().write(1);
      }
    }

    long awaitEnd() throws Exception {
      return end.get(LIMIT);
    }

    long predictedNs(List<EventLine> told) {
      return mine(told).number("monotonicNs") + hangNs(told);
    }

    /** Returns the time as of the event. */
    long hangNs(List<EventLine> told) {
      EventLine mine = mine(told);
      assertEquals(RETRIES2, mine.number("retries2"));
      return Duration.ofMillis(mine.json().get("hangMs").get(activity).longValue()).toNanos();
    }

    private EventLine mine(List<EventLine> told) {
      String local = AddressText.of(local(socket));
      return told.stream()
          .filter(event -> event.text("local").equals(local))
          .findFirst()
          .orElseThrow(() -> new AssertionError("no " + local + " in " + told));
    }

    @Override
    public String toString() {
      return activity + " " + socket;
    }
  }
}
