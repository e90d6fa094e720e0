package io.github.keepalive4j.sockets;

import java.util.Arrays;
import java.util.concurrent.TimeUnit;

/**
 * What became of the connections that the churn's server accepted.
 *
 * @param accepted all of them
 * @param ended those whose client had said that it closes them
 * @param reset those that ended before
 * @param slowFins those whose FIN took longer than {@link #SLOW_NS} from the closing on
 * @param slowestFinNs how long the slowest took
 */
record ChurnReport(long accepted, long ended, long reset, long slowFins, long slowestFinNs) {
  static final ChurnReport NONE = new ChurnReport(0, 0, 0, 0, 0);
  static final long SLOW_NS = TimeUnit.MILLISECONDS.toNanos(100);

  ChurnReport withAccepted() {
    return new ChurnReport(accepted + 1, ended, reset, slowFins, slowestFinNs);
  }

  ChurnReport withReset() {
    return new ChurnReport(accepted, ended, reset + 1, slowFins, slowestFinNs);
  }

  ChurnReport withEnded(long finNs) {
    return new ChurnReport(
        accepted,
        ended + 1,
        reset,
        slowFins + (finNs > SLOW_NS ? 1 : 0),
        Math.max(slowestFinNs, finNs));
  }

  long open() {
    return accepted - ended - reset;
  }

  static ChurnReport parse(String line) {
    long[] all = Arrays.stream(line.split(" ")).mapToLong(Long::parseLong).toArray();
    return new ChurnReport(all[0], all[1], all[2], all[3], all[4]);
  }

  @Override
  public String toString() {
    return accepted + " " + ended + " " + reset + " " + slowFins + " " + slowestFinNs;
  }
}
