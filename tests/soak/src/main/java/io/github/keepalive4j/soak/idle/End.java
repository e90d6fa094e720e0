package io.github.keepalive4j.soak.idle;

import java.util.Locale;

/** How a source ends. */
enum End {
  /** Its host is cut off. Times count from the end of the command that does that. */
  CUT("cuts", "cut"),

  /** Its process, {@code serve}, is killed. Times count from just before the signal. */
  KILL("kills of the source", "kill of the source"),

  /** The process for which {@code serve --pid-file} stands is killed, likewise. */
  WORKLOAD("kills of the workload", "kill of the workload"),

  /**
   * The backup's interface loses its carrier, because the other end of its cable is set down. Times
   * count from the end of the command that does that.
   */
  CARRIER("losses of the carrier", "loss of the carrier");

  private final String plural;
  private final String singular;

  End(String plural, String singular) {
    this.plural = plural;
    this.singular = singular;
  }

  String plural() {
    return plural;
  }

  String singular() {
    return singular;
  }

  /** As the option has it. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
