package io.github.keepalive4j.drivers;

import io.github.keepalive4j.support.Eventually;
import io.github.keepalive4j.testkit.Host;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Pattern;

/** The TCP connections of a host, as {@code ss} shows them. */
final class Connections {
  private static final Duration LIMIT = Duration.ofSeconds(60);
  private static final long QUIET_NS = Duration.ofSeconds(1).toNanos();

  /** Its next probe is due within seconds; by the kernel's default it is two hours. */
  private static final Pattern PROBED_SOON =
      Pattern.compile("timer:\\(keepalive,(\\d\\.)?\\d+ms|keepalive,\\dsec");

  private static final Pattern SENDS = Pattern.compile("bytes_sent:\\d+| unacked:\\d+");

  private final Host host;

  Connections(Host host) {
    this.host = host;
  }

  /** Waits until all connections of a process have been given a keepalive of seconds. */
  void awaitGoverned(long pid) throws Exception {
    try {
      Eventually.await("all are probed soon", LIMIT, () -> areGoverned(pid));
    } catch (AssertionError e) {
      throw new AssertionError(String.join("\n", of(pid)), e);
    }
  }

  private boolean areGoverned(long pid) throws Exception {
    List<String> all = of(pid);
    return !all.isEmpty() && all.stream().allMatch(one -> PROBED_SOON.matcher(one).find());
  }

  private List<String> of(long pid) throws Exception {
    return established("-tnopH").stream().filter(one -> one.contains("pid=" + pid + ",")).toList();
  }

  /** Waits until nobody sends, and all that was sent is acknowledged. */
  void awaitSilence() throws Exception {
    Eventually.await("silence", LIMIT, this::areSilent);
  }

  private boolean areSilent() throws Exception {
    List<String> before = sent();
    LockSupport.parkNanos(QUIET_NS);
    return before.equals(sent()) && !isAnythingInFlight();
  }

  boolean isAnythingInFlight() throws Exception {
    return sent().stream().anyMatch(one -> one.contains("unacked"));
  }

  /** Returns what each has sent, and what of it is unacknowledged. */
  private List<String> sent() throws Exception {
    return established("-tniOH").stream()
        .map(
            one ->
                one.trim().split("\\s+", 4)[2]
                    + SENDS.matcher(one).results().map(found -> found.group()).toList())
        .sorted()
        .toList();
  }

  private List<String> established(String options) throws Exception {
    return host.run("ss", options, "state", "established").lines().toList();
  }
}
