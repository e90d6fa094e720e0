package io.github.keepalive4j.cli.sockets;

import io.github.keepalive4j.support.Needs;
import io.github.keepalive4j.testkit.Host;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A line of {@code ss -tniop}. */
record SsLine(String text, List<String> columns) {
  private static final int STATE = 0;
  private static final int SEND_QUEUE = 2;
  private static final int LOCAL = 3;
  private static final int PEER = 4;

  private static final Pattern MAPPED = Pattern.compile("\\[::ffff:([\\d.]+)]");
  private static final Map<String, String> STATES =
      Map.of(
          "ESTAB", "ESTABLISHED",
          "SYN-SENT", "SYN_SENT",
          "FIN-WAIT-1", "FIN_WAIT1",
          "FIN-WAIT-2", "FIN_WAIT2",
          "CLOSE-WAIT", "CLOSE_WAIT",
          "LAST-ACK", "LAST_ACK",
          "UNCONN", "CLOSE");

  /** Returns what ss tells of a process's sockets on a host. */
  static List<SsLine> of(Host host, long pid) throws Exception {
    Needs.program("ss");
    return host.run("ss", "-H", "-O", "-t", "-a", "-n", "-i", "-o", "-p")
        .lines()
        .filter(line -> line.contains("pid=" + pid + ","))
        .map(line -> new SsLine(line, List.of(line.strip().split("\\s+", -1))))
        .toList();
  }

  String state() {
    return STATES.getOrDefault(columns.get(STATE), columns.get(STATE));
  }

  long sendQueue() {
    return Long.parseLong(columns.get(SEND_QUEUE));
  }

  String local() {
    return address(columns.get(LOCAL));
  }

  /** Returns the peer's address, and nothing for a socket without one. */
  String peer() {
    return columns.get(PEER).endsWith(":*") ? "" : address(columns.get(PEER));
  }

  private static String address(String text) {
    return MAPPED.matcher(text).replaceFirst("$1");
  }

  /** Returns the timer's name: on, keepalive, persist or none. */
  String timer() {
    Matcher timer = Pattern.compile("timer:\\((\\w+),").matcher(text);
    return timer.find() ? timer.group(1) : "none";
  }

  /** Returns a counter, which ss leaves out where it is 0. */
  long counter(String name) {
    Matcher counter = Pattern.compile("\\b" + name + ":(\\d+)").matcher(text);
    return counter.find() ? Long.parseLong(counter.group(1)) : 0;
  }
}
