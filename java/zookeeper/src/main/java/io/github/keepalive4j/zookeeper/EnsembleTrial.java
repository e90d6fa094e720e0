package io.github.keepalive4j.zookeeper;

import io.github.keepalive4j.zookeeper.DryRun.Outcome;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.apache.curator.framework.CuratorFramework;
import org.apache.curator.framework.CuratorFrameworkFactory;
import org.apache.curator.framework.api.ACLProvider;
import org.apache.curator.framework.api.CuratorEvent;
import org.apache.curator.framework.api.transaction.CuratorOp;
import org.apache.curator.framework.api.transaction.CuratorTransactionResult;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.KeeperException;
import org.apache.zookeeper.KeeperException.Code;
import org.apache.zookeeper.client.ConnectStringParser;
import org.apache.zookeeper.data.ACL;
import org.jspecify.annotations.Nullable;

/**
 * Tries what a claim needs of the ensemble. It writes nothing: the transaction of a takeover is
 * sent with a last operation that fails, so the ensemble checks all others and carries out none.
 */
final class EnsembleTrial {
  private static final long CLOSE_MS = 500;
  private static final int LOOK_MS = 50;
  private static final byte[] SCRATCH = "dry run".getBytes(StandardCharsets.UTF_8);

  private final ConnectStringParser ensemble;
  private final Duration sessionTimeout;
  private final CuratorFramework client;
  private final Deadline deadline;
  private final String chroot; // empty for none
  private final String parent;
  private final String record;
  private final ACLProvider own;
  private final List<DryRun.Step> steps = new ArrayList<>();

  /** Ends the trial, because no later step can succeed. */
  private static final class Failed extends Exception {
    private static final long serialVersionUID = 1L;
  }

  private EnsembleTrial(
      ConnectStringParser ensemble,
      String sourceId,
      Duration sessionTimeout,
      CuratorFramework client,
      ACLProvider own,
      Deadline deadline) {
    this.ensemble = ensemble;
    this.sessionTimeout = sessionTimeout;
    this.client = client;
    this.deadline = deadline;
    this.chroot = ensemble.getChrootPath() == null ? "" : ensemble.getChrootPath();
    this.parent = chroot + Exposure.PARENT;
    this.record = parent + "/" + sourceId;
    this.own = own;
  }

  /** Tries with a session of its own, which is closed again. */
  static DryRun run(
      String connectString,
      String sourceId,
      Duration sessionTimeout,
      UnaryOperator<CuratorFrameworkFactory.Builder> setUp,
      Duration limit)
      throws InterruptedException {
    ConnectStringParser ensemble = new ConnectStringParser(connectString);
    int chrootLength = ensemble.getChrootPath() == null ? 0 : ensemble.getChrootPath().length();
    String servers = connectString.substring(0, connectString.length() - chrootLength);
    CuratorFramework client = Ensemble.newClient(servers, sessionTimeout, setUp);
    CuratorFrameworkFactory.Builder configured = setUp.apply(CuratorFrameworkFactory.builder());
    ACLProvider own = configured.getAclProvider();
    TlsTrial tls = TlsTrial.of(configured.getZkClientConfig());
    try {
      return new EnsembleTrial(ensemble, sourceId, sessionTimeout, client, own, Deadline.in(limit))
          .run(tls);
    } finally {
      close(client);
    }
  }

  /** Waits only shortly, because the end of a session waits for an ensemble that hangs. */
  private static void close(CuratorFramework client) throws InterruptedException {
    Thread closing = new Thread(client::close, "keepalive-dry-run-close");
    closing.setDaemon(true);
    closing.start();
    closing.join(CLOSE_MS);
  }

  private DryRun run(@Nullable TlsTrial tls) throws InterruptedException {
    List<ServerTrial> servers =
        ensemble.getServerAddresses().stream()
            .map(server -> ServerTrial.begin(server, tls))
            .toList();
    client.start();
    long startNs = System.nanoTime();
    boolean connected = connects(servers);
    servers.forEach(server -> steps.add(server.await(deadline)));
    try {
      trySession(connected, startNs);
      List<String> missing = findMissing();
      tryClaim(missing, missing.contains(record) ? Optional.empty() : Optional.of(readRecord()));
      tryAccess(missing);
    } catch (Failed e) {
      // the steps tell
    }
    return new DryRun(steps);
  }

  /** Doesn't wait for a session that no server would give. */
  private boolean connects(List<ServerTrial> servers) throws InterruptedException {
    while (deadline.remainingNs() > 0 && !servers.stream().allMatch(ServerTrial::hasFailed)) {
      if (client.blockUntilConnected(LOOK_MS, TimeUnit.MILLISECONDS)) {
        return true;
      }
    }
    return client.getZookeeperClient().isConnected();
  }

  private void trySession(boolean connected, long startNs) throws Failed {
    if (!connected) {
      throw failed(
          "session", "no session on the ensemble within " + since(startNs) + serverTrouble());
    }
    long agreedMs = agreedTimeoutMs();
    String agreed = "session timeout " + agreedMs + " ms agreed";
    if (agreedMs == sessionTimeout.toMillis()) {
      add("session", Outcome.OK, agreed);
    } else {
      add(
          "session",
          Outcome.WARNING,
          agreed
              + ", not the "
              + sessionTimeout.toMillis()
              + " ms asked for: the ensemble's minSessionTimeout and maxSessionTimeout limit it");
    }
  }

  private String serverTrouble() {
    return steps.stream()
        .filter(step -> step.outcome() != Outcome.OK)
        .map(step -> "; " + step.detail())
        .collect(Collectors.joining());
  }

  private long agreedTimeoutMs() {
    try {
      return client.getZookeeperClient().getZooKeeper().getSessionTimeout();
    } catch (Exception e) { // as Curator declares it
      throw new IllegalStateException(e);
    }
  }

  /** Returns the nodes from the root to the record that a claim would have to make. */
  private List<String> findMissing() throws Failed, InterruptedException {
    List<String> missing = new ArrayList<>();
    for (int end = record.indexOf('/', 1); end > 0; end = record.indexOf('/', end + 1)) {
      addIfMissing(record.substring(0, end), missing);
    }
    addIfMissing(record, missing);
    if (!chroot.isEmpty()) {
      String state = missing.contains(chroot) ? " doesn't exist yet" : " exists";
      add("chroot", Outcome.OK, chroot + state);
    }
    return missing;
  }

  private void addIfMissing(String path, List<String> missing) throws Failed, InterruptedException {
    if (!exists(path)) {
      missing.add(path);
    }
  }

  /** A node that may not be looked at is there, since ZooKeeper 3.9.3. */
  private boolean exists(String path) throws Failed, InterruptedException {
    CuratorEvent event =
        answer("record", callback -> client.checkExists().inBackground(callback).forPath(path));
    Code code = codeOf(event);
    if (code != Code.OK && code != Code.NONODE && code != Code.NOAUTH) {
      throw failed("record", "whether " + path + " exists: " + reason(code));
    }
    return code != Code.NONODE;
  }

  private ClaimRecord readRecord() throws Failed, InterruptedException {
    CuratorEvent event =
        answer("record", callback -> client.getData().inBackground(callback).forPath(record));
    if (codeOf(event) != Code.OK) {
      throw failed("record", record + " can't be read: " + reason(codeOf(event)));
    }
    ClaimRecord found = parse(event);
    if (!found.namesHolder()) {
      add("record", Outcome.OK, record + ": nobody has held it yet");
    } else {
      String end =
          exists(record + "/" + found.claimId()) ? ", which holds it" : ", which has ended";
      add("record", Outcome.OK, record + ": the latest holder is " + found.describe() + end);
    }
    return found;
  }

  private ClaimRecord parse(CuratorEvent event) throws Failed {
    try {
      return ClaimRecord.of(event.getStat(), event.getData());
    } catch (RuntimeException e) {
      throw failed("record", record + " is malformed: " + e.getMessage());
    }
  }

  /** Sends the takeover's own transaction, and before it what is missing. */
  private void tryClaim(List<String> missing, Optional<ClaimRecord> found)
      throws Failed, InterruptedException {
    String claim = record + "/" + Ensemble.newClaimId();
    List<String> whats = new ArrayList<>();
    List<CuratorOp> operations = new ArrayList<>();
    for (String path : missing) {
      whats.add("making " + path);
      operations.add(operation(() -> client.transactionOp().create().forPath(path, new byte[0])));
    }
    found.ifPresent(
        old -> {
          whats.add("writing to " + record);
          operations.add(
              operation(
                  () ->
                      client
                          .transactionOp()
                          .setData()
                          .withVersion(old.version())
                          .forPath(record, SCRATCH)));
        });
    whats.add("making a node below " + record);
    operations.add(
        operation(
            () ->
                client
                    .transactionOp()
                    .create()
                    .withMode(CreateMode.EPHEMERAL)
                    .forPath(claim, SCRATCH)));
    whats.add("deleting a node below " + record);
    operations.add(operation(() -> client.transactionOp().delete().forPath(claim)));
    operations.add(operation(() -> client.transactionOp().check().forPath(claim))); // fails
    long startNs = System.nanoTime();
    CuratorEvent event =
        answer(
            "claim",
            callback -> client.transaction().inBackground(callback).forOperations(operations));
    judge(event, whats, missing, since(startNs));
  }

  private void judge(CuratorEvent event, List<String> whats, List<String> missing, String took)
      throws Failed {
    List<CuratorTransactionResult> results = event.getOpResults();
    if (results == null || results.size() <= whats.size()) {
      throw failed("claim", "a claim was tried: " + reason(codeOf(event)));
    }
    for (int i = 0; i < whats.size(); i++) {
      Code code = Code.get(results.get(i).getError());
      if (code == Code.BADVERSION) {
        break; // somebody has claimed it meanwhile, so it can be claimed
      }
      if (code != Code.OK && code != Code.RUNTIMEINCONSISTENCY) {
        throw failed("claim", whats.get(i) + ": " + reason(code));
      }
    }
    String made = missing.isEmpty() ? "" : ", and would make " + String.join(", ", missing);
    add("claim", Outcome.OK, "can be won" + made + "; tried in " + took + ", nothing was changed");
  }

  /** Looks who may delete a claim. What is missing would be made with the client's own access. */
  private void tryAccess(List<String> missing) throws Failed, InterruptedException {
    List<String> open = new ArrayList<>();
    for (String path : List.of(parent, record)) {
      if (Exposure.letsAnyoneDelete(
          missing.contains(path) ? own.getAclForPath(path) : accessTo(path))) {
        open.add(path);
      }
    }
    if (open.isEmpty()) {
      add("access", Outcome.OK, "not everyone may delete a claim");
    } else {
      add("access", Outcome.WARNING, Exposure.text(open));
    }
  }

  private List<ACL> accessTo(String path) throws Failed, InterruptedException {
    CuratorEvent event =
        answer("access", callback -> client.getACL().inBackground(callback).forPath(path));
    return codeOf(event) == Code.OK ? event.getACLList() : List.of();
  }

  private static CuratorOp operation(Operation operation) {
    try {
      return operation.build();
    } catch (Exception e) { // as Curator declares it
      throw new IllegalStateException(e);
    }
  }

  private CuratorEvent answer(String step, Requests.Request request)
      throws Failed, InterruptedException {
    CompletableFuture<CuratorEvent> answer = new CompletableFuture<>();
    try {
      request.start((source, event) -> answer.complete(event));
      return deadline.await(answer);
    } catch (TimeoutException e) {
      throw failed(step, "the ensemble gave no answer in time");
    } catch (ExecutionException e) {
      throw failed(step, EnsembleErrors.text(e));
    } catch (InterruptedException e) {
      throw e;
    } catch (Exception e) { // as Curator declares it
      throw failed(step, EnsembleErrors.text(e));
    }
  }

  private static Code codeOf(CuratorEvent event) {
    return Code.get(event.getResultCode());
  }

  private static String reason(Code code) {
    return code == Code.NOAUTH
        ? "not permitted (NOAUTH)"
        : KeeperException.create(code).getMessage();
  }

  private static String since(long startNs) {
    return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - startNs) + " ms";
  }

  private Failed failed(String step, String detail) {
    add(step, Outcome.FAILED, detail);
    return new Failed();
  }

  private void add(String step, Outcome outcome, String detail) {
    steps.add(new DryRun.Step(step, outcome, detail));
  }

  private interface Operation {
    CuratorOp build() throws Exception;
  }
}
