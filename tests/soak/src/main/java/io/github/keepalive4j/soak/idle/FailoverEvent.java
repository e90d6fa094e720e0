package io.github.keepalive4j.soak.idle;

import java.io.IOException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What the command's event {@code failover} says. */
record FailoverEvent(String cause, long verdictNs, long writtenNs) {
  private static final Pattern CAUSE = Pattern.compile("\"cause\":\"(\\w+)\"");
  private static final Pattern VERDICT = Pattern.compile("\"verdictNs\":(\\d+)");
  private static final Pattern WRITTEN = Pattern.compile("\"monotonicNs\":(\\d+)");

  static FailoverEvent parse(String line) throws IOException {
    return new FailoverEvent(
        find(CAUSE, line),
        Long.parseLong(find(VERDICT, line)),
        Long.parseLong(find(WRITTEN, line)));
  }

  private static String find(Pattern pattern, String line) throws IOException {
    Matcher matcher = pattern.matcher(line);
    if (!matcher.find()) {
      throw new IOException("no " + pattern + " in " + line);
    }
    return matcher.group(1);
  }

  /** Returns what this is to the end of a source. */
  Cut after(Ended ended, String budget, double ageMs, long commandNs, double floorMs) {
    return new Cut(
        budget,
        ageMs,
        ended.tookMs(),
        verdictNs < ended.startedNs(),
        cause,
        ended.msUntil(verdictNs),
        ended.msUntil(writtenNs),
        ended.msUntil(commandNs),
        floorMs);
  }
}
