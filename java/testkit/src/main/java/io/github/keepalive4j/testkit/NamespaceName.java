package io.github.keepalive4j.testkit;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The name of a lab's namespace, which tells who owns it. It holds the owner's start time beside
 * the process id, because another process may have that id by now.
 */
record NamespaceName(long pid, long startTime, int lab, String host) {
  private static final Pattern FORM = Pattern.compile("ka-(\\d{1,10})-(\\d{1,18})-(\\d{1,9})-(.+)");

  static NamespaceName ofThisProcess(int lab, String host) {
    long pid = ProcessHandle.current().pid();
    return new NamespaceName(pid, ProcessStat.ofProcess(pid).orElseThrow().startTime(), lab, host);
  }

  static Optional<NamespaceName> parse(String name) {
    Matcher parts = FORM.matcher(name);
    if (!parts.matches()) {
      return Optional.empty();
    }
    return Optional.of(
        new NamespaceName(
            Long.parseLong(parts.group(1)),
            Long.parseLong(parts.group(2)),
            Integer.parseInt(parts.group(3)),
            parts.group(4)));
  }

  boolean isOwnerAlive() {
    return ProcessStat.ofProcess(pid)
        .filter(owner -> owner.startTime() == startTime && !owner.isDead())
        .isPresent();
  }

  @Override
  public String toString() {
    return "ka-" + pid + "-" + startTime + "-" + lab + "-" + host;
  }
}
