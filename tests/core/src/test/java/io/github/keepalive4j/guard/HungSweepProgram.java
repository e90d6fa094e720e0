package io.github.keepalive4j.guard;

import io.github.keepalive4j.ClaimDeclinedException;
import io.github.keepalive4j.internal.process.FenceRun;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * Runs a fence that takes too long and starts a process outside its own tree, while another
 * process's environment can't be read. Tells how long that took, in ms.
 */
final class HungSweepProgram {
  private static final Duration TIMEOUT = Duration.ofMillis(300);

  private HungSweepProgram() {}

  public static void main(String[] args) throws Exception {
    String orphan = System.getProperty("orphan");
    String command = "(setsid sleep 600 & echo $! > " + orphan + "); sleep 601";
    FenceRun fence = new FenceRun(List.of("sh", "-c", command), "it", Map.of(), "HUNG_SWEEP");
    long beginNs = System.nanoTime();
    try {
      fence.succeedWithin(TIMEOUT);
    } catch (ClaimDeclinedException e) {
      // as it must be
    }
    System.out.println(Duration.ofNanos(System.nanoTime() - beginNs).toMillis());
  }
}
