package io.github.keepalive4j.monitor;

import static io.github.keepalive4j.support.Waiting.endOf;
import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.keepalive4j.FailoverPolicy;
import io.github.keepalive4j.Failure;
import io.github.keepalive4j.FailureCause;
import io.github.keepalive4j.Journal;
import io.github.keepalive4j.KeepaliveMonitor;
import io.github.keepalive4j.KeepaliveOptions;
import io.github.keepalive4j.KeepaliveSocket;
import io.github.keepalive4j.MonitorListener;
import io.github.keepalive4j.Watch;
import io.github.keepalive4j.Watch.End.Kind;
import io.github.keepalive4j.Watch.LinkState;
import io.github.keepalive4j.journal.JournalLines;
import io.github.keepalive4j.support.EpollFault;
import io.github.keepalive4j.support.Eventually;
import io.github.keepalive4j.support.FailingSource;
import io.github.keepalive4j.support.LinkPair;
import io.github.keepalive4j.support.LogRecords;
import io.github.keepalive4j.support.Recorder;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A source that ended a link is tried again before it is taken over. */
@Timeout(60)
class ConfirmTest extends MonitorTest {
  private static final Duration AMPLE = Duration.ofSeconds(30);
  private static final Duration SHORT = Duration.ofMillis(300);

  @TempDir Path folder;

  private final Recorder recorder = new Recorder();
  private FailingSource restarted; // null before

  @AfterEach
  void closeRestarted() throws Exception {
    if (restarted != null) {
      restarted.close();
    }
  }

  private static KeepaliveMonitor.Builder confirming(Duration time) {
    return KeepaliveMonitor.builder().confirm(time);
  }

  private static boolean hasEnded(Watch watch) {
    return watch.ended().toCompletableFuture().isDone();
  }

  private static void awaitState(Watch watch, KeepaliveSocket link, LinkState state)
      throws Exception {
    Eventually.await(state.toString(), () -> watch.linkStates().get(link) == state);
  }

  private static KeepaliveSocket onlyLink(Watch watch) {
    return watch.linkStates().keySet().iterator().next();
  }

  private void restart() throws Exception {
    InetSocketAddress address = source.address();
    source.vanish();
    restarted = new FailingSource(address);
  }

  @Test
  void aRestartedSourceIsWatchedOnAFreshLink() throws Exception {
    try (KeepaliveMonitor monitor = confirming(AMPLE).open()) {
      KeepaliveSocket old = source.connectLink();
      Watch watch = monitor.watch(old, recorder, recorder);
      recorder.await("up");
      restart();
      restarted.accept();
      Failure failure = recorder.await("confirmed CLOSED").failure();
      assertEquals(old, failure.link());
      Eventually.await("up again", () -> recorder.calls().size() == 3);
      assertEquals(List.of("up", "confirmed CLOSED", "up"), recorder.calls());
      awaitClosed(old);
      KeepaliveSocket fresh = onlyLink(watch);
      assertEquals(LinkState.UP, watch.linkStates().get(fresh));
      assertEquals(old.options(), fresh.options());
      assertFalse(hasEnded(watch));
      Eventually.await("one link alone", () -> monitor.size() == 1);
    }
  }

  @Test
  void anExecutorThatTakesATaskAndThrowsAsksForOneSecondOpinion() throws Exception {
    BlockingQueue<Runnable> taken = new LinkedBlockingQueue<>();
    Executor undecided =
        task -> {
          taken.add(task);
          throw new RejectedExecutionException("after all");
        };
    List<Failure> verdicts = new CopyOnWriteArrayList<>();
    MonitorListener listener =
        new MonitorListener() {
          @Override
          public void onVerdict(Failure failure) {
            verdicts.add(failure);
          }
        };
    try (LogRecords log = LogRecords.of(KeepaliveMonitor.class);
        KeepaliveMonitor monitor =
            confirming(AMPLE).executor(undecided).listener(listener).open()) {
      KeepaliveSocket link = source.connectLink();
      Watch watch = monitor.watch(link, recorder);
      source.vanish();
      awaitState(watch, link, LinkState.CONFIRMING);
      taken.forEach(Runnable::run);
      assertEquals(1, verdicts.size(), verdicts::toString);
      Eventually.await("a line", () -> !log.messages().isEmpty());
      assertTrue(log.messages().get(0).startsWith("the executor refused"));
    }
  }

  @Test
  void aSourceThatDoesNotComeBackIsTakenOverAfterTheTime() throws Exception {
    try (KeepaliveMonitor monitor = confirming(SHORT).open()) {
      KeepaliveSocket link = source.connectLink();
      Watch watch = monitor.watch(link, recorder, recorder);
      Eventually.await("it is up", () -> recorder.calls().equals(List.of("up")));
      source.vanish();
      Failure failure = recorder.await("failed CLOSED").failure();
      assertEquals(List.of("up", "failover CLOSED", "failed CLOSED"), recorder.calls());
      long waitedNs = failure.callbackNs() - failure.verdictNs();
      assertTrue(waitedNs >= SHORT.toNanos(), waitedNs + " ns");
      assertTrue(waitedNs < SHORT.plusSeconds(5).toNanos(), waitedNs + " ns");
      assertEquals(isNative(), failure.tcpInfo().isPresent());
      assertEquals(Kind.TAKEN_OVER, endOf(watch).kind());
      awaitClosed(link);
    }
  }

  @Test
  void theFreshLinkIsConfirmedInItsTurn() throws Exception {
    try (KeepaliveMonitor monitor = confirming(Duration.ofSeconds(2)).open()) {
      monitor.watch(source.connectLink(), recorder, recorder);
      restart();
      restarted.accept();
      recorder.await("confirmed CLOSED");
      Eventually.await("a second link", () -> recorder.calls().size() >= 3);
      restarted.vanish();
      recorder.await("failover CLOSED");
      recorder.await("failed CLOSED");
      assertEquals(
          List.of("up", "confirmed CLOSED", "up", "failover CLOSED", "failed CLOSED"),
          recorder.calls());
    }
  }

  /** Its second end comes after the time that the first one had. */
  @Test
  void theTimeStandsStillWhileTheFreshLinkIsUp() throws Exception {
    Duration time = Duration.ofMillis(600);
    try (KeepaliveMonitor monitor = confirming(time).open()) {
      monitor.watch(source.connectLink(), recorder, recorder);
      source.failAll();
      source.accept();
      Failure first = recorder.await("confirmed CLOSED").failure();
      TimeUnit.NANOSECONDS.sleep(
          first.verdictNs() + time.plusMillis(50).toNanos() - System.nanoTime());
      source.failAll();
      source.accept();
      Eventually.await("what follows", () -> recorder.calls().size() >= 4);
      assertEquals(
          List.of("up", "confirmed CLOSED", "up", "confirmed CLOSED"),
          recorder.calls().subList(0, 4));
    }
  }

  @Test
  void anAcceptedConnectionThatEndsAtOnceIsNoAnswer() throws Exception {
    try (KeepaliveMonitor monitor = confirming(Duration.ofSeconds(1)).open()) {
      Watch watch = monitor.watch(source.connectLink(), recorder, recorder);
      source.failAll();
      int accepted = 0;
      while (!hasEnded(watch) && accepted < 50) {
        accepted += source.acceptWithin(SHORT) ? 1 : 0;
        source.failAll();
      }
      assertEquals(Kind.TAKEN_OVER, endOf(watch).kind());
      assertTrue(accepted > 1 && accepted < 50, accepted + " connections");
    }
  }

  /** A listener holds up the verdict for longer than a link has to last. */
  @Test
  void aVerdictThatIsHandledLateIsNoAnswerEither() throws Exception {
    MonitorListener slow =
        new MonitorListener() {
          @Override
          public void onVerdict(Failure failure) {
            assertDoesNotThrow(() -> Thread.sleep(1_200));
          }
        };
    try (KeepaliveMonitor monitor = confirming(Duration.ofSeconds(1)).listener(slow).open()) {
      Watch watch = monitor.watch(source.connectLink(), recorder, recorder);
      source.failAll();
      long startNs = System.nanoTime();
      while (!hasEnded(watch) && System.nanoTime() - startNs < Duration.ofSeconds(10).toNanos()) {
        source.acceptWithin(SHORT);
        source.failAll();
      }
      assertTrue(hasEnded(watch));
      assertEquals(Kind.TAKEN_OVER, endOf(watch).kind());
    }
  }

  @Test
  void aFailureOfAGroupCountsOnlyOnceItIsConfirmed() throws Exception {
    try (KeepaliveMonitor monitor = confirming(AMPLE).open()) {
      LinkPair first = source.connect();
      LinkPair second = source.connect();
      Watch watch =
          monitor.watchAll(
              List.of(first.link(), second.link()), FailoverPolicy.atLeast(1), recorder);
      first.reset();
      source.accept();
      Eventually.await("a fresh link", () -> !watch.linkStates().containsKey(first.link()));
      awaitClosed(first.link());
      assertEquals(List.of(LinkState.UP, LinkState.UP), List.copyOf(watch.linkStates().values()));
      assertFalse(hasEnded(watch));
      second.source().close();
      source.accept();
      Eventually.await("a fresh link", () -> !watch.linkStates().containsKey(second.link()));
      assertEquals(List.of(), recorder.calls());
    }
  }

  @Test
  void aGroupIsTakenOverWhenEnoughSourcesDidNotAnswer() throws Exception {
    try (KeepaliveMonitor monitor = confirming(SHORT).open();
        FailingSource other = new FailingSource()) {
      LinkPair first = source.connect();
      KeepaliveSocket second = other.connectLink();
      Watch watch = monitor.watchAll(List.of(first.link(), second), FailoverPolicy.all(), recorder);
      source.vanish();
      first.source().close();
      awaitState(watch, first.link(), LinkState.FAILED);
      assertFalse(hasEnded(watch));
      other.vanish();
      assertEquals(Kind.TAKEN_OVER, endOf(watch).kind());
      assertEquals(2, endOf(watch).failures().size());
    }
  }

  @Test
  void aSourceThatDeclinesIsToldAsLeft() throws Exception {
    if (isNative()) { // it takes a handshake
      try (KeepaliveMonitor monitor = confirming(AMPLE).open()) {
        Watch watch = watchProbed(monitor);
        source.answerOne('G');
        recorder.await("left");
        assertEquals(Kind.LEFT, endOf(watch).kind());
        assertEquals(FailureCause.LEFT, endOf(watch).failures().get(0).cause());
        assertEquals(List.of("up", "left"), recorder.calls());
      }
    }
  }

  @Test
  void aSourceThatDeclinesIsTakenOverIfThatIsAskedFor() throws Exception {
    if (isNative()) {
      try (KeepaliveMonitor monitor = confirming(AMPLE).failoverWhenLeft(true).open()) {
        Watch watch = watchProbed(monitor);
        source.answerOne('G');
        assertEquals(Kind.TAKEN_OVER, endOf(watch).kind());
        recorder.await("failover LEFT");
      }
    }
  }

  @Test
  void aSecondVerdictSaysThatTheSourceDeclines() throws Exception {
    if (isNative()) {
      for (boolean counts : List.of(false, true)) {
        List<String> told = new CopyOnWriteArrayList<>();
        try (KeepaliveMonitor monitor =
            confirming(AMPLE).failoverWhenLeft(counts).listener(new Teller(told)).open()) {
          Watch watch = watchProbed(monitor);
          source.answerOne('G');
          assertEquals(counts ? Kind.TAKEN_OVER : Kind.LEFT, endOf(watch).kind());
          List<String> verdicts = told.stream().filter(call -> call.startsWith("verdict")).toList();
          String first = verdicts.get(0); // a reset if a probe was unread
          assertTrue(Set.of("verdict CLOSED", "verdict RESET").contains(first), first);
          assertEquals(List.of("verdict LEFT"), verdicts.subList(1, verdicts.size()));
        }
        source.failAll();
      }
    }
  }

  @Test
  void aFreshLinkThatCanNotBeArmedIsAborted() throws Exception {
    if (isNative()) { // the JDK arms a link in its next wait
      for (boolean counts : List.of(false, true)) {
        List<String> told = new CopyOnWriteArrayList<>();
        try (EpollFault epoll = new EpollFault();
            KeepaliveMonitor monitor =
                confirming(AMPLE)
                    .failoverWhenAborted(counts)
                    .errorHandler((link, error) -> {})
                    .listener(new Breaker(epoll, told))
                    .open()) {
          LinkPair pair = source.connect();
          Watch watch = monitor.watch(pair.link(), recorder);
          pair.reset();
          source.accept();
          Watch.End end = endOf(watch);
          epoll.end();
          assertEquals(counts ? Kind.TAKEN_OVER : Kind.ABORTED, end.kind());
          assertEquals(FailureCause.ABORTED, end.failures().get(0).cause());
          assertEquals(List.of("RESET", "ABORTED"), told);
          awaitClosed(end.failures().get(0).link());
        }
      }
    }
  }

  /** Lets no link into the set once a source has answered. */
  private record Breaker(EpollFault epoll, List<String> told) implements MonitorListener {
    @Override
    public void onVerdict(Failure failure) {
      told.add(failure.cause().name());
    }

    @Override
    public void onConfirmed(Confirmation confirmation) {
      assertDoesNotThrow(epoll::begin);
    }
  }

  @Test
  void aConnectionWithoutAnAnsweredQueryIsNoAnswer() throws Exception {
    if (isNative()) {
      try (KeepaliveMonitor monitor = confirming(SHORT).open()) {
        Watch watch = watchProbed(monitor);
        source.accept();
        assertEquals(Kind.TAKEN_OVER, endOf(watch).kind());
      }
    }
  }

  /** Watches a probed link, which the source then ends. */
  private Watch watchProbed(KeepaliveMonitor monitor) throws Exception {
    KeepaliveOptions options = KeepaliveOptions.detectWithin(Duration.ofSeconds(2));
    KeepaliveSocket link = KeepaliveSocket.open(options);
    Thread answering = new Thread(() -> source.answerOne('A'));
    answering.start();
    link.connectTo(source.address(), AMPLE);
    answering.join();
    Watch watch = monitor.watch(link, recorder, recorder);
    recorder.await("up");
    source.failAll();
    return watch;
  }

  @Test
  void theFreshLinkHasTheLocalAddressOfTheFormerOne() throws Exception {
    int port;
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.2"))) {
      port = free.getLocalPort();
    }
    InetSocketAddress local = new InetSocketAddress("127.0.0.2", port);
    try (KeepaliveMonitor monitor = confirming(AMPLE).open()) {
      LinkPair pair = source.connect(KeepaliveOptions.builder().sourceAddress(local).build());
      Watch watch = monitor.watch(pair.link(), recorder, recorder);
      pair.reset();
      source.accept();
      recorder.await("confirmed RESET");
      assertEquals(local, onlyLink(watch).localAddress());
    }
  }

  @Test
  void noOtherLinkWaitsForAConfirmation() throws Exception {
    try (KeepaliveMonitor monitor = confirming(AMPLE).executor(Runnable::run).open();
        Unanswering silent = new Unanswering()) {
      LinkPair waiting = silent.connect();
      Watch watch = monitor.watch(waiting.link(), recorder);
      LinkPair pair = source.connect();
      monitor.watch(pair.link(), recorder, recorder);
      waiting.finish();
      silent.awaitAttempt();
      pair.send('G');
      recorder.await("left");
      assertEquals(LinkState.CONFIRMING, watch.linkStates().get(waiting.link()));
      pair.source().close();
    }
  }

  @Test
  void listenersAndJournalHearAConfirmationInOrder() throws Exception {
    List<String> told = new CopyOnWriteArrayList<>();
    Path file = folder.resolve("journal");
    try (Journal journal = Journal.open(file);
        KeepaliveMonitor monitor =
            confirming(AMPLE).journal(journal).listener(new Teller(told)).open()) {
      monitor.watch(source.connectLink(), recorder, recorder);
      restart();
      restarted.accept();
      Eventually.await("all is told", () -> told.contains("unwatched"));
      assertEquals(List.of("up", "verdict CLOSED", "confirmed CLOSED", "up", "unwatched"), told);
      Eventually.await("all is recorded", () -> JournalLines.read(file).size() >= 5);
      assertEquals(
          List.of("opened", "armed", "verdict", "confirmed", "armed"),
          JournalLines.events(JournalLines.read(file)));
    }
  }

  private record Teller(List<String> told) implements MonitorListener {
    @Override
    public void onUp(LinkUpdate update) {
      told.add("up");
    }

    @Override
    public void onVerdict(Failure failure) {
      told.add("verdict " + failure.cause());
    }

    @Override
    public void onConfirmed(Confirmation confirmation) {
      boolean isRight =
          confirmation.time().compareTo(AMPLE) < 0
              && confirmation.peerText().startsWith("127.0.0.1:")
              && confirmation.link().isOpen();
      told.add("confirmed " + (isRight ? confirmation.failure().cause() : confirmation));
    }

    @Override
    public void onUnwatched(LinkUpdate update) {
      told.add("unwatched");
    }
  }
}
