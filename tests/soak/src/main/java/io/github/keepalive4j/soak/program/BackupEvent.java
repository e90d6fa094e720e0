package io.github.keepalive4j.soak.program;

/**
 * A line of a backup's.
 *
 * @param link the link's name
 * @param what one of the constants below, or the name of another event
 * @param detail for a failover the cause, for what follows it the errno's name
 * @param atNs when it was, for a failover the verdict; on a clock that all processes share
 * @param toldNs when it was told, for a failover the callback's begin
 */
public record BackupEvent(String link, String what, String detail, long atNs, long toldNs) {
  public static final String UP = "up";
  public static final String SUSPECT = "suspect";
  public static final String RECOVERED = "recovered";
  public static final String LEFT = "left";
  public static final String VIOLATION = "violation";
  public static final String FAILOVER = "failover";
  public static final String FAILED = "failed";
  public static final String REFUSED = "refused";
  public static final String CLOSED = "closed";

  /** Where there is nothing more to say. */
  public static final String NO_DETAIL = "-";

  /** Returns an event of this moment. */
  public static BackupEvent now(String link, String what, String detail) {
    long nowNs = System.nanoTime();
    return new BackupEvent(link, what, detail, nowNs, nowNs);
  }

  /** Returns the event of the line. */
  public static BackupEvent parse(String line) {
    String[] words = line.split(" ", -1);
    return new BackupEvent(
        words[0], words[1], words[2], Long.parseLong(words[3]), Long.parseLong(words[4]));
  }

  public String line() {
    return link + " " + what + " " + detail + " " + atNs + " " + toldNs;
  }

  void print() {
    System.out.println(line());
  }

  @Override
  public String toString() {
    return detail.equals(NO_DETAIL) ? what : what + " " + detail;
  }
}
