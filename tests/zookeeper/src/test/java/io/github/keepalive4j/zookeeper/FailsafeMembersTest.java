package io.github.keepalive4j.zookeeper;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.keepalive4j.AbstractClaim;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** Which members a holder with a failsafe mode asks at a read of the members. */
class FailsafeMembersTest {
  private final Failsafe failsafe =
      new Failsafe(
          new ClaimContext(
              null, "holder", "source", Duration.ZERO, new GuardThreads("test-"), state -> {}));
  private final List<CompletableFuture<Long>> questions = new ArrayList<>();
  private final InetSocketAddress link = link(4711);
  private final Set<InetSocketAddress> connected = new HashSet<>(Set.of(link));

  private static InetSocketAddress link(int port) {
    return new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
  }

  private final class Asked implements AbstractClaim.Backups {
    @Override
    public Set<InetSocketAddress> connected() {
      return Set.copyOf(connected);
    }

    @Override
    public CompletableFuture<Long> askToHoldBack(InetSocketAddress backup) {
      assertTrue(connected.contains(backup));
      questions.add(new CompletableFuture<>());
      return questions.get(questions.size() - 1);
    }
  }

  private void readAndExpect(Member member, int asked) {
    failsafe.read(new Members(List.of(member), List.of()));
    assertEquals(asked, questions.size());
  }

  @Test
  void eachIsAskedUntilItHasPromisedTwice() {
    failsafe.serve(new Asked());
    Member member = Member.of("backup", link);
    readAndExpect(member, 1);
    readAndExpect(member, 2); // no answer yet
    questions.get(0).complete(1L);
    readAndExpect(member, 3);
    questions.get(1).complete(1L); // of before the first promise
    readAndExpect(member, 4);
    questions.get(2).complete(1L);
    readAndExpect(member, 4);
    readAndExpect(Member.of("backup", link), 5); // joined anew
  }

  @Test
  void whoIsNoMemberKeepsTheLeaseFromBeingExtended() {
    failsafe.serve(new Asked());
    failsafe.read(new Members(List.of(Member.of("backup", link)), List.of()));
    assertTrue(failsafe.askAll().isPresent());
    connected.add(link(4712));
    assertTrue(failsafe.askAll().isEmpty());
  }

  @Test
  void theLeaseRunsFromTheFirstQuestion() {
    failsafe.serve(new Asked());
    Member other = Member.of("other", link(4712));
    connected.add(other.link());
    failsafe.read(new Members(List.of(Member.of("backup", link), other), List.of()));
    questions.clear();
    CompletableFuture<Long> promised = failsafe.askAll().orElseThrow();
    questions.get(0).complete(9L);
    assertFalse(promised.isDone());
    questions.get(1).complete(7L);
    assertEquals(7, promised.join());
    CompletableFuture<Long> next = failsafe.askAll().orElseThrow();
    questions.get(2).complete(11L);
    questions.get(3).complete(12L);
    assertEquals(11, next.join());
  }

  @Test
  void aMemberThatIsGoneMayHaveReplacedTheHolderUntilARenewal() {
    failsafe.serve(new Asked());
    Member stays = Member.of("backup", link);
    Member goes = Member.of("other", link(4712));
    connected.add(goes.link());
    failsafe.read(new Members(List.of(stays, goes), List.of()));
    assertTrue(failsafe.askAll().isPresent());
    connected.remove(goes.link());
    long beforeNs = System.nanoTime();
    failsafe.read(new Members(List.of(stays), List.of()));
    failsafe.renewed(beforeNs);
    assertTrue(failsafe.askAll().isEmpty());
    failsafe.renewed(System.nanoTime());
    assertTrue(failsafe.askAll().isPresent());
  }
}
