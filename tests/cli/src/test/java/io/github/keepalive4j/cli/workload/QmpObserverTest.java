package io.github.keepalive4j.cli.workload;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.keepalive4j.cli.guard.ScriptedQemu;
import io.github.keepalive4j.qemu.QmpOptions;
import io.github.keepalive4j.qemu.QmpSessionOptions;
import io.github.keepalive4j.support.Eventually;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A QMP socket that takes the connection and gives no answer. */
@Timeout(60)
class QmpObserverTest {
  private static final Duration SHORT = Duration.ofMillis(200);
  private static final QmpSessionOptions OPTIONS =
      QmpSessionOptions.builder()
          .connection(QmpOptions.builder().connectTimeout(SHORT.plus(SHORT)).build())
          .check(SHORT, SHORT)
          .build();

  @TempDir Path folder;

  private final Workload workload = new Workload(false, Workload.UNKNOWN);
  private final List<String> ends = new CopyOnWriteArrayList<>();

  private String name() {
    return folder.resolve("qmp").toString();
  }

  private ScriptedQemu listen() throws Exception {
    return ScriptedQemu.listen(Path.of(name()));
  }

  private Workload observe() {
    UnixDomainSocketAddress address = UnixDomainSocketAddress.of(name());
    return workload.observedBy(new QmpObserver(name(), address, workload, OPTIONS));
  }

  /** Waits until the machine runs, and from then on for its end. */
  private void follow(Workload observed) throws Exception {
    observed.awaitRunning(reason -> {});
    observed.follow(ends::add);
  }

  /** Returns once it has given no answer to several connections. */
  private static void fallSilent(ScriptedQemu qemu) throws Exception {
    qemu.hold();
    Eventually.await(
        "further connections",
        () -> qemu.commands().stream().filter("qmp_capabilities"::equals).count() >= 3);
  }

  private String gone() {
    return "no QEMU at " + name();
  }

  @Test
  void aSilentQemuIsNamedAndWaitedForAtTheStart() throws Exception {
    List<String> reasons = new CopyOnWriteArrayList<>();
    try (ScriptedQemu qemu = listen()) {
      qemu.hold();
      try (Workload observed = observe()) {
        CompletableFuture<Void> running =
            CompletableFuture.runAsync(
                () -> {
                  try {
                    observed.awaitRunning(reasons::add);
                  } catch (InterruptedException e) {
                    throw new IllegalStateException(e);
                  }
                });
        String silent = "QEMU at " + name() + " gives no answer, or serves another client";
        Eventually.await(silent, () -> reasons.contains(silent));
        qemu.release();
        running.get();
      }
    }
  }

  @Test
  void aQemuThatFallsSilentHasNotEnded() throws Exception {
    ScriptedQemu qemu = listen();
    try (Workload observed = observe()) {
      follow(observed);
      fallSilent(qemu);
      assertEquals(List.of(), ends);
      qemu.close();
      Eventually.await("the end", () -> ends.equals(List.of(gone())));
    } finally {
      qemu.close();
    }
  }

  @Test
  void theAnswerAfterASilenceCounts() throws Exception {
    try (ScriptedQemu qemu = listen();
        Workload observed = observe()) {
      follow(observed);
      fallSilent(qemu);
      qemu.setStatus("shutdown");
      qemu.release();
      String end = "the machine of " + name() + " is in state shutdown";
      Eventually.await("the end", () -> ends.equals(List.of(end)));
    }
  }

  /** Where QEMU was told to let a guest that panics go on. */
  @Test
  void aGuestThatPanicsAndRebootsRunsAgain() throws Exception {
    try (ScriptedQemu qemu = listen();
        Workload observed = observe()) {
      follow(observed);
      qemu.tell("GUEST_PANICKED");
      Eventually.await(
          "the end", () -> ends.equals(List.of("the guest of " + name() + " has panicked")));
      qemu.tell("RESET");
      observed.awaitRunning(reason -> {});
    }
  }
}
