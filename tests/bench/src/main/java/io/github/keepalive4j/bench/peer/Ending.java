package io.github.keepalive4j.bench.peer;

/** How a dying process's connections end. */
public enum Ending {
  /** With an RST: it had unread data, or asked for it with SO_LINGER. */
  RESET("reset"),
  /** With a FIN: it had read everything. */
  FIN("fin");

  private final String key;

  Ending(String key) {
    this.key = key;
  }

  /** Returns the name in JSON and on the peer process's command line. */
  public String key() {
    return key;
  }
}
