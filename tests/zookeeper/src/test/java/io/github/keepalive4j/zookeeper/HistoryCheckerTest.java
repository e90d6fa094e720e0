package io.github.keepalive4j.zookeeper;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Tests the checker with a correct history, and with one that breaks each rule. */
class HistoryCheckerTest {
  private static final String CLAIM = "\"resource\":\"/vm\",\"token\":";

  private final List<HistoryEvent> history = new ArrayList<>();
  private final Map<String, Integer> seqs = new HashMap<>();

  /** Adds a line; each comes 10 ns after the one before, starting at 10. */
  private void add(String instance, String event, String details) {
    int seq = seqs.merge(instance, 1, Integer::sum);
    addRaw(instance, seq, (history.size() + 1) * 10L, event, details);
  }

  private void addRaw(String instance, int seq, long atNs, String event, String details) {
    history.add(
        HistoryEvent.of(
            "{\"instance\":\"%s\",\"seq\":%d,\"monotonicNs\":%d,\"event\":\"%s\",\"watch\":1%s}"
                .formatted(instance, seq, atNs, event, details.isEmpty() ? "" : "," + details)));
  }

  private void expect(String violation) {
    List<String> found = HistoryChecker.violations(history);
    assertTrue(
        found.stream().anyMatch(each -> each.startsWith(violation)),
        "expected " + violation + " among " + found);
  }

  private void takeOver(String instance, long token, long supersedes) {
    add(instance, "verdict", "");
    add(instance, "granted", CLAIM + token + ",\"supersedes\":" + supersedes);
    add(instance, "callback-begin", "\"token\":" + token);
    add(instance, "callback-end", "");
  }

  /** Takes over and starts the workload, right after the callback has begun. */
  private void run(String instance, long token, long supersedes) {
    takeOver(instance, token, supersedes);
    add(instance, "workload-start", CLAIM + token);
  }

  @Test
  void aCorrectHistoryHasNoViolations() {
    add("source", "granted", CLAIM + "1,\"supersedes\":0");
    add("source", "workload-start", CLAIM + "1");
    add("b", "verdict", "");
    add("b", "declined", "\"reason\":\"won by a\"");
    add("a", "verdict", "");
    add("a", "granted", CLAIM + "2,\"supersedes\":1");
    add("source", "workload-stop", CLAIM + "1");
    add("source", "claim-lost", CLAIM + "1,\"validUntilNs\":65");
    add("a", "callback-begin", "\"token\":2");
    add("a", "workload-start", CLAIM + "2");
    add("a", "act", "\"token\":2");
    add("a", "workload-stop", CLAIM + "2");
    add("a", "claim-released", CLAIM + "2");
    run("c", 3, 2);
    add("c", "workload-stop", CLAIM + "3");
    add("c", "claim-released", CLAIM + "3");
    add("source-2", "granted", CLAIM + "4,\"supersedes\":3");
    add("source-2", "workload-start", CLAIM + "4");
    assertEquals(List.of(), HistoryChecker.violations(history));
  }

  @Test
  void aHistoryWithoutAGuardNeedsNoTokens() {
    add("a", "verdict", "");
    add("a", "granted", "\"claim\":\"no guard\"");
    add("a", "callback-begin", "\"token\":null");
    assertEquals(List.of(), HistoryChecker.violations(history));
  }

  @Test
  void claimsOnAnotherSourceDoNotConflict() {
    run("a", 2, 1);
    String other = "\"resource\":\"/other\",\"token\":2";
    add("b", "granted", other + ",\"supersedes\":1");
    add("b", "workload-start", other);
    add("b", "workload-stop", other);
    add("b", "claim-released", other);
    assertEquals(List.of(), HistoryChecker.violations(history));
  }

  @Test
  void reportsACallbackWithoutAVerdict() {
    add("a", "granted", CLAIM + "1");
    add("a", "callback-begin", "\"token\":1");
    expect("no verdict before");
  }

  @Test
  void reportsACallbackWithoutAGrant() {
    add("a", "verdict", "");
    add("a", "callback-begin", "\"token\":null");
    expect("no granted claim before");
  }

  @Test
  void reportsACallbackWithAnotherTokenThanGranted() {
    add("a", "verdict", "");
    add("a", "granted", CLAIM + "1");
    add("a", "callback-begin", "\"token\":2");
    expect("no granted claim before");
  }

  @Test
  void reportsACallbackAfterADecline() {
    add("a", "verdict", "");
    add("a", "granted", CLAIM + "1");
    add("a", "declined", "");
    add("a", "callback-begin", "\"token\":1");
    expect("a decline before");
  }

  @Test
  void reportsASecondCallback() {
    takeOver("a", 1, 0);
    add("a", "callback-begin", "\"token\":1");
    expect("a second time");
  }

  @Test
  void reportsATokenThatDoesNotGrow() {
    takeOver("a", 2, 1);
    add("a", "claim-released", CLAIM + "2");
    takeOver("b", 2, 3);
    expect("token not grown");
  }

  @Test
  void reportsTwoClaimsThatReplaceTheSameOne() {
    takeOver("a", 2, 1);
    add("a", "claim-released", CLAIM + "2");
    takeOver("b", 3, 1);
    expect("two replace one claim");
  }

  @Test
  void reportsTwoClaimsAtOnce() {
    takeOver("a", 2, 1);
    takeOver("b", 4, 3);
    expect("two claims at once");
  }

  @Test
  void reportsAClaimLostAfterTheNextGrant() {
    takeOver("a", 2, 1);
    takeOver("b", 4, 3);
    add("a", "claim-lost", CLAIM + "2,\"validUntilNs\":85");
    expect("two claims at once");
  }

  @Test
  void reportsAHolderThatStopsAfterItsSuccessorHasStarted() {
    run("a", 2, 1);
    run("b", 3, 2);
    add("a", "workload-stop", CLAIM + "2");
    add("a", "claim-lost", CLAIM + "2,\"validUntilNs\":75");
    expect("two workloads at once");
  }

  @Test
  void reportsAHolderThatNeverStops() {
    run("a", 2, 1);
    run("b", 3, 2);
    expect("two workloads at once");
  }

  @Test
  void reportsASourceThatRunsBesideItsSuccessor() {
    add("source", "granted", CLAIM + "1,\"supersedes\":0");
    add("source", "workload-start", CLAIM + "1");
    run("a", 2, 1);
    expect("two workloads at once");
  }

  @Test
  void reportsAHolderThatRunsBesideASuccessorOfItsSuccessor() {
    run("a", 2, 1);
    add("b", "granted", CLAIM + "3,\"supersedes\":2");
    add("b", "claim-released", CLAIM + "3");
    run("c", 4, 3);
    expect("two workloads at once");
  }

  @Test
  void theDeathOfAHolderEndsItsWorkload() {
    run("a", 2, 1);
    add("test", "holder-killed", CLAIM + "2");
    run("b", 3, 2);
    assertEquals(List.of(), HistoryChecker.violations(history));
  }

  @Test
  void aHolderThatIsCutOffMayRunBesideItsSuccessor() {
    run("a", 2, 1);
    add("test", "overlap-allowed", CLAIM + "2");
    run("b", 3, 2);
    assertEquals(List.of(), HistoryChecker.violations(history));
  }

  @Test
  void reportsAHolderThatRanBesideItsSuccessorBeforeItWasCutOff() {
    run("a", 2, 1);
    run("b", 3, 2);
    add("test", "overlap-allowed", CLAIM + "2");
    expect("two workloads at once");
  }

  @Test
  void reportsAWorkloadThatStartsWithoutAClaim() {
    add("a", "workload-start", CLAIM + "2");
    expect("no valid claim under");
  }

  @Test
  void reportsAWorkloadThatStartsAfterTheLoss() {
    takeOver("a", 2, 1);
    add("a", "claim-lost", CLAIM + "2,\"validUntilNs\":45");
    add("a", "workload-start", CLAIM + "2");
    expect("no valid claim under");
  }

  @Test
  void reportsAClaimThatIsReleasedWhileItsWorkloadRuns() {
    run("a", 2, 1);
    add("a", "claim-released", CLAIM + "2");
    add("a", "workload-stop", CLAIM + "2");
    expect("a workload runs on at");
  }

  @Test
  void reportsALostClaimThatIsGivenUpWhileItsWorkloadRuns() {
    run("a", 2, 1);
    add("a", "claim-lost", CLAIM + "2,\"validUntilNs\":55");
    add("a", "workload-stop", CLAIM + "2");
    expect("a workload runs on at");
  }

  @Test
  void theDeathOfAHolderEndsItsClaim() {
    add("a", "granted", CLAIM + "2,\"supersedes\":1");
    add("test", "holder-killed", CLAIM + "2");
    takeOver("b", 4, 3);
    assertEquals(List.of(), HistoryChecker.violations(history));
  }

  @Test
  void reportsAnActAfterTheLoss() {
    takeOver("a", 2, 1);
    add("a", "claim-lost", CLAIM + "2,\"validUntilNs\":45");
    add("a", "act", "\"token\":2");
    expect("no valid claim under");
  }

  @Test
  void reportsAnActBetweenTheEndOfTheLeaseAndItsNotice() {
    takeOver("a", 2, 1);
    add("a", "act", "\"token\":2");
    add("a", "claim-lost", CLAIM + "2,\"validUntilNs\":45");
    expect("no valid claim under");
  }

  @Test
  void reportsAnActAfterTheClaimWasReplaced() {
    takeOver("a", 2, 1);
    takeOver("b", 3, 2);
    add("a", "act", "\"token\":2");
    expect("no valid claim under");
  }

  @Test
  void reportsACallbackAfterTheClaimWasReplaced() {
    add("a", "verdict", "");
    add("a", "granted", CLAIM + "2,\"supersedes\":1");
    takeOver("b", 3, 2);
    add("a", "callback-begin", "\"token\":2");
    expect("no valid claim under");
  }

  @Test
  void anActThatBeganBeforeTheLossMayEndAfterIt() {
    takeOver("a", 2, 1);
    add("a", "claim-lost", CLAIM + "2,\"validUntilNs\":45");
    add("a", "act", "\"token\":2,\"begunNs\":44");
    assertEquals(List.of(), HistoryChecker.violations(history));
  }

  @Test
  void reportsAMissingLine() {
    addRaw("a", 1, 10, "opened", "");
    addRaw("a", 3, 20, "armed", "");
    expect("a line is missing before");
  }

  @Test
  void reportsAClockThatRunsBackwards() {
    addRaw("a", 1, 20, "opened", "");
    addRaw("a", 2, 10, "armed", "");
    expect("time runs backwards before");
  }
}
