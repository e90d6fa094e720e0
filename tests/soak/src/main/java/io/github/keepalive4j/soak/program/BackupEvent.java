package io.github.keepalive4j.soak.program;

/**
 * An event of a link, written as one line.
 *
 * @param link the link's name
 * @param what one of the constants below, or the name of another event
 * @param detail the cause for {@link #FAILOVER} and {@link #CONFIRMED}, the errno's name for {@link
 *     #FAILED}
 * @param atNs when it happened, for a failover the verdict; on a clock that all processes share
 * @param reportedNs when it was reported, for a failover when the callback began
 */
public record BackupEvent(String link, String what, String detail, long atNs, long reportedNs) {
  public static final String UP = "up";
  public static final String SUSPECT = "suspect";
  public static final String RECOVERED = "recovered";
  public static final String LEFT = "left";
  public static final String CONFIRMED = "confirmed";
  public static final String ABORTED = "aborted";
  public static final String VIOLATION = "violation";
  public static final String FAILOVER = "failover";
  public static final String FAILED = "failed";
  public static final String REFUSED = "refused";
  public static final String CLOSED = "closed";

  /** Stands for an empty detail. */
  public static final String NO_DETAIL = "-";

  /** Returns an event that happens now. */
  public static BackupEvent now(String link, String what, String detail) {
    long nowNs = System.nanoTime();
    return new BackupEvent(link, what, detail, nowNs, nowNs);
  }

  /** Returns the event that was written as this line. */
  public static BackupEvent parse(String line) {
    String[] words = line.split(" ", -1);
    return new BackupEvent(
        words[0], words[1], words[2], Long.parseLong(words[3]), Long.parseLong(words[4]));
  }

  public String line() {
    return link + " " + what + " " + detail + " " + atNs + " " + reportedNs;
  }

  void print() {
    System.out.println(line());
  }

  @Override
  public String toString() {
    return detail.equals(NO_DETAIL) ? what : what + " " + detail;
  }
}
