package io.github.keepalive4j.zookeeper;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.apache.curator.framework.CuratorFramework;
import org.apache.zookeeper.ZooDefs.Perms;
import org.apache.zookeeper.data.ACL;

/** Tells once that anyone may delete a claim, by the access control of the nodes above it. */
final class Exposure {
  static final String PARENT = "/keepalive4j";

  private final CuratorFramework client;
  private final Ensemble ensemble;
  private final GuardThreads threads;
  private final Consumer<String> listener;
  private final AtomicBoolean known = new AtomicBoolean();

  Exposure(
      CuratorFramework client, Ensemble ensemble, GuardThreads threads, Consumer<String> listener) {
    this.client = client;
    this.ensemble = ensemble;
    this.threads = threads;
    this.listener = listener;
  }

  /** Looks, unless the ensemble has answered before. Doesn't block. */
  void check() {
    if (!known.get()) {
      CompletableFuture<Void> unused =
          ensemble
              .readNearby()
              .thenCompose(
                  record -> openOf(PARENT).thenCombine(openOf(ensemble.record()), Exposure::join))
              .thenAccept(this::tell);
    }
  }

  private void tell(List<String> open) {
    if (known.compareAndSet(false, true) && !open.isEmpty()) {
      threads.runBlocking(() -> listener.accept(text(open)));
    }
  }

  /** Completes with the path if the node is open. Fails if it may not be looked at. */
  private CompletableFuture<List<String>> openOf(String path) {
    return Requests.start(
            client, path, callback -> client.getACL().inBackground(callback).forPath(path))
        .thenApply(event -> letsAnyoneDelete(event.getACLList()) ? List.of(path) : List.of());
  }

  private static List<String> join(List<String> above, List<String> own) {
    return Stream.concat(above.stream(), own.stream()).toList();
  }

  static boolean letsAnyoneDelete(List<ACL> acl) {
    return acl.stream()
        .anyMatch(
            each ->
                each.getId().getScheme().equals("world")
                    && (each.getPerms() & (Perms.DELETE | Perms.ADMIN)) != 0);
  }

  static String text(List<String> open) {
    return "anyone may delete a claim: world:anyone may delete below " + String.join(", ", open);
  }
}
