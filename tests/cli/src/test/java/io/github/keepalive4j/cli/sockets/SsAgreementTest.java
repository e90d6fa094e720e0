package io.github.keepalive4j.cli.sockets;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.keepalive4j.cli.EventLine;
import io.github.keepalive4j.cli.Keepalive;
import io.github.keepalive4j.support.Eventually;
import io.github.keepalive4j.support.Needs;
import io.github.keepalive4j.testkit.Host;
import io.github.keepalive4j.testkit.Lab;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/**
 * The command beside {@code ss} on sockets in random states: 150, or as many as the property {@code
 * keepalive4j.sockets} says.
 */
class SsAgreementTest {
  private static final int COUNT = Integer.getInteger("keepalive4j.sockets", 150);
  private static final long PID = ProcessHandle.current().pid();
  private static final Set<String> CONNECTED = Set.of("ESTABLISHED", "CLOSE_WAIT", "FIN_WAIT2");

  @Test
  void theyAgree() throws Exception {
    long seed = System.nanoTime();
    try (Lab lab = Needs.openLab();
        RandomSockets sockets = RandomSockets.open(lab, COUNT, seed)) {
      Eventually.await("states that last", () -> states(lab).equals(states(lab)));
      Map<String, String> told = told();
      Map<String, String> seen = states(lab);
      told.keySet().retainAll(seen.keySet()); // this JVM has others, too
      assertEquals(lines(seen), lines(told), () -> "seed " + seed);
      assertEquals(sockets.count(), seen.size(), () -> "seed " + seed);
    }
  }

  private static String lines(Map<String, String> states) {
    return states.entrySet().stream().map(Object::toString).collect(Collectors.joining("\n"));
  }

  private static Map<String, String> states(Lab lab) throws Exception {
    List<SsLine> lines = new ArrayList<>();
    for (Host host : lab.hosts()) {
      lines.addAll(SsLine.of(host, PID));
    }
    return byAddresses(
        lines,
        line -> line.local() + " " + line.peer(),
        line -> {
          boolean listens = line.state().equals("LISTEN");
          return state(
              line.state(),
              listens || line.state().equals("SYN_SENT") ? 0 : line.sendQueue(),
              listens ? 0 : line.counter("unacked"),
              line.timer(),
              CONNECTED.contains(line.state()) ? line.counter("rto") : 0);
        });
  }

  private static Map<String, String> told() throws Exception {
    try (Keepalive command = Keepalive.run("sockets", "--pid", Long.toString(PID), "--json")) {
      assertEquals(0, command.awaitEnd(), command::output);
      return byAddresses(
          command.events("socket"),
          event -> event.text("local") + " " + event.text("peer"),
          event ->
              state(
                  event.text("state"),
                  event.number("queuedBytes"),
                  event.number("unacked"),
                  timer(event),
                  CONNECTED.contains(event.text("state")) ? event.number("rtoMs") : 0));
    }
  }

  /** Returns the timer that the kernel must run for what is told. */
  private static String timer(EventLine event) {
    if (event.number("unacked") > 0) {
      return "on";
    }
    if (event.number("queuedBytes") > 0) {
      return "persist";
    }
    return event.flag("keepAlive") && CONNECTED.contains(event.text("state"))
        ? "keepalive"
        : "none";
  }

  private static String state(String state, long queued, long unacked, String timer, long rtoMs) {
    boolean waits = timer.equals("on") || timer.equals("persist");
    return String.format(
        "%s, %d queued, %d unacknowledged, timer %s, RTO %s",
        state, queued, unacked, timer, waits ? "changes" : rtoMs + " ms");
  }

  private static <T> Map<String, String> byAddresses(
      List<T> sockets, Function<T, String> addresses, Function<T, String> state) {
    Map<String, String> states = new TreeMap<>();
    sockets.forEach(socket -> states.put(addresses.apply(socket), state.apply(socket)));
    return states;
  }
}
