package io.github.keepalive4j.soak.idle;

/**
 * One end of a source and what followed, in ms. Times count from the end where nothing else is
 * said.
 *
 * @param budget the link's budget
 * @param ageMs how long the link had been left alone
 * @param cutMs how long the command took that cut the host off; 0 for a kill
 * @param early whether the verdict came before the end: a false one
 * @param cause the failover's cause
 * @param verdictMs until the verdict
 * @param eventMs until the {@code failover} event
 * @param commandMs until the first instruction of {@code --on-failover}
 * @param floorMs what a C program takes, after the same time of idling, from a write to the first
 *     instruction of the shell's command that waited for it
 */
record Cut(
    String budget,
    double ageMs,
    double cutMs,
    boolean early,
    String cause,
    double verdictMs,
    double eventMs,
    double commandMs,
    double floorMs)
    implements Outcome {
  @Override
  public boolean counts() {
    return !early;
  }

  double releaseMs() {
    return commandMs - verdictMs;
  }
}
