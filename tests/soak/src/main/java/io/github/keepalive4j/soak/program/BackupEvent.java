package io.github.keepalive4j.soak.program;

/**
 * A line of a backup's.
 *
 * @param link the link's name
 * @param what one of the constants below, or the name of another event
 * @param detail for a failover the cause, for what follows it the errno's name
 * @param atNs when it was, for a failover the verdict; on a clock that all processes share
 */
public record BackupEvent(String link, String what, String detail, long atNs) {
  public static final String UP = "up";
  public static final String SUSPECT = "suspect";
  public static final String RECOVERED = "recovered";
  public static final String FAILOVER = "failover";
  public static final String FAILED = "failed";
  static final String REFUSED = "refused";
  static final String CLOSED = "closed";

  static void write(String link, String what, String detail, long atNs) {
    System.out.println(link + " " + what + " " + detail + " " + atNs);
  }

  static BackupEvent parse(String line) {
    String[] words = line.split(" ", -1);
    return new BackupEvent(words[0], words[1], words[2], Long.parseLong(words[3]));
  }

  @Override
  public String toString() {
    return detail.equals("-") ? what : what + " " + detail;
  }
}
