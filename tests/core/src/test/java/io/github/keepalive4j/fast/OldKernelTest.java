package io.github.keepalive4j.fast;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.keepalive4j.support.Preload;
import io.github.keepalive4j.support.RequiresLab;
import io.github.keepalive4j.testkit.Fault;
import io.github.keepalive4j.testkit.Lab;
import io.github.keepalive4j.testkit.ManagedProcess;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Kernels before 6.15, as a preloaded library has both JVMs see them. Full form: {@code
 * -Dkeepalive4j.fast.old.losses=200}.
 */
@RequiresLab
class OldKernelTest {
  private static final Form LOSSES = Form.of("old.losses", 5);
  private static final Pattern SMALLEST = Pattern.compile("the smallest budget is (\\d+) ms");
  private static final long SLACK_MS = 3_000;

  @TempDir Path folder;
  private Lab lab;
  private Map<String, String> oldKernel;

  @BeforeEach
  void open() throws Exception {
    lab = Lab.open();
    oldKernel = Preload.compile("old_kernel", folder).environment();
  }

  @AfterEach
  void close() throws Exception {
    lab.close();
  }

  @Test
  void theSmallestBudgetIsReportedAndKept() throws Exception {
    Programs.source(lab, oldKernel);
    int smallestMs = smallestBudgetMs();
    assertTrue(smallestMs > 200 && smallestMs <= 220, () -> smallestMs + " ms");
    ManagedProcess backup = Programs.backup(lab, oldKernel, List.of(smallestMs));
    Programs.awaitLine(backup, BackupProgram.UP, smallestMs);
    loseSingleSegments(smallestMs);
    assertEquals(1, backup.lines().size(), () -> "false failover: " + backup.lines());
    assertCutIsDetected(backup, smallestMs);
  }

  private int smallestBudgetMs() throws Exception {
    ManagedProcess backup = Programs.backup(lab, oldKernel, List.of(50));
    String refusal = Programs.awaitLine(backup, BackupProgram.REFUSED, 50);
    assertTrue(refusal.contains("without TCP_RTO_MIN_US (since 6.15)"), refusal);
    Matcher smallest = SMALLEST.matcher(refusal);
    assertTrue(smallest.find(), refusal);
    return Integer.parseInt(smallest.group(1));
  }

  private void loseSingleSegments(int budgetMs) throws Exception {
    SegmentLoss probes = SegmentLoss.of(lab.source(), "tcp dport " + Testbed.PORT);
    SegmentLoss answers = SegmentLoss.of(lab.backup(), "tcp sport " + Testbed.PORT);
    for (int i = 0; i < LOSSES.length(); i++) {
      lose(probes, budgetMs);
      lose(answers, budgetMs);
    }
    assertEquals(LOSSES.length(), probes.lost());
    assertEquals(LOSSES.length(), answers.lost());
  }

  /** Long enough for the kernel to send it again. */
  private static void lose(SegmentLoss loss, int budgetMs) throws Exception {
    loss.loseNext();
    TimeUnit.MILLISECONDS.sleep(2L * budgetMs);
  }

  private void assertCutIsDetected(ManagedProcess backup, int budgetMs) throws Exception {
    try (Fault cut = lab.source().drop()) {
      String failed = Programs.awaitLine(backup, BackupProgram.FAILED, budgetMs);
      long callbackNs = Long.parseLong(failed.split(" ", -1)[2]);
      long tookMs = TimeUnit.NANOSECONDS.toMillis(callbackNs - cut.startedNs());
      assertTrue(tookMs <= budgetMs + SLACK_MS, () -> tookMs + " ms");
    }
  }
}
