package io.github.keepalive4j.testkit.junit;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.keepalive4j.AbstractClaim;
import io.github.keepalive4j.Claim;
import io.github.keepalive4j.ClaimDeclinedException;
import io.github.keepalive4j.ClaimLoss;
import io.github.keepalive4j.TakeoverGuard;
import io.github.keepalive4j.testkit.event.TestClaim;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/** Guards that break the contract, each in one way. */
class TakeoverGuardContractTest {
  private final AtomicReference<AbstractClaim> holder = new AtomicReference<>();

  @Test
  void aGuardThatGrantsToEverybodyBreaksIt() {
    Contract everybody = new Contract(request -> TestClaim.create());
    assertBroken("granted to a second backup", everybody::declinesWhileAnotherHoldsTheClaim);
    assertBroken("granted to 4 of 4 backups", everybody::grantsAtMostOnceWhenSeveralAskAtOnce);
  }

  @Test
  void aGuardThatDeclinesWithAnotherExceptionBreaksIt() {
    Registry registry = new Registry();
    Contract other =
        new Contract(
            request -> {
              try {
                return registry.claim(request);
              } catch (ClaimDeclinedException e) {
                throw new IllegalStateException(e);
              }
            });
    assertBroken("declines with ClaimDeclined", other::declinesWhileAnotherHoldsTheClaim);
  }

  @Test
  void aGuardThatDeclinesWithoutAReasonBreaksIt() {
    Registry registry = new Registry();
    Contract silent =
        new Contract(
            request -> {
              try {
                return registry.claim(request);
              } catch (ClaimDeclinedException e) {
                throw new ClaimDeclinedException(" ", e);
              }
            });
    assertBroken("tells no reason", silent::declinesWhileAnotherHoldsTheClaim);
  }

  @Test
  void aGuardThatReturnsNullBreaksIt() {
    assertBroken("returned null", new Contract(request -> null)::givesAValidClaim);
  }

  @Test
  void aClaimThatIsInvalidFromTheStartBreaksIt() {
    Contract stale =
        new Contract(
            request -> {
              TestClaim claim = TestClaim.create();
              claim.release();
              return claim;
            });
    assertBroken("just given isn't valid", stale::givesAValidClaim);
  }

  @Test
  void aTokenThatDoesNotGrowBreaksIt() {
    Contract constant = new Contract(request -> TestClaim.withToken(7));
    assertBroken("isn't above", constant::releaseFreesTheClaimOnce);
  }

  @Test
  void aReleaseThatThrowsTheSecondTimeBreaksIt() {
    Contract once = new Contract(request -> new Handmade(Flaw.RELEASES_ONCE));
    assertBroken("a second release() threw", once::releaseFreesTheClaimOnce);
  }

  @Test
  void aReleasedClaimThatStaysValidBreaksIt() {
    Contract forever = new Contract(request -> new Handmade(Flaw.STAYS_VALID));
    assertBroken("released claim is still valid", forever::releaseFreesTheClaimOnce);
    assertBroken("lost claim is still valid", forever::tellsALossOnce);
  }

  @Test
  void aLossReportedToNobodyBreaksIt() {
    Contract mute = new Contract(request -> new Handmade(Flaw.MUTE));
    assertBroken("no listener was called within", mute::tellsALossOnce);
  }

  @Test
  void aListenerCalledTwiceBreaksIt() {
    Contract twice = new Contract(request -> new Handmade(Flaw.TELLS_TWICE));
    assertBroken("called a second time", twice::tellsALossOnce);
  }

  @Test
  void aListenerCalledAfterTheReleaseBreaksIt() {
    Contract late = new Contract(request -> new Handmade(Flaw.TELLS_AFTER_RELEASE));
    assertBroken("called after release()", late::tellsNoLossAfterRelease);
  }

  @Test
  void aLateListenerThatIsNotCalledBreaksIt() {
    Contract deaf = new Contract(request -> new Handmade(Flaw.FORGETS_LATE_LISTENERS));
    assertBroken("added after the loss wasn't called", deaf::tellsALossOnce);
  }

  @Test
  void aClaimThatCannotBeLostNeedNotTellOfItsLoss() throws Exception {
    Contract lasting = new Contract(request -> Claim.lasting("the source is off"));
    lasting.tellsALossOnce();
    lasting.tellsNoLossAfterRelease();
  }

  @Test
  void aClaimThatCannotBeLostNeedNotBeFreed() throws Exception {
    Registry once = new Registry();
    Contract lasting =
        new Contract(
            request -> {
              once.grant();
              return Claim.lasting("the source is off");
            });
    lasting.releaseFreesTheClaimOnce();
  }

  /** Whoever has not begun may be replaced, as long as one alone begins. */
  @Test
  void aGuardThatReplacesAHolderWhoHasNotBegunKeepsIt() throws Exception {
    Contract replacing = new Contract(request -> new FirstToBegin());
    replacing.givesAValidClaim();
    replacing.releaseAll();
    replacing.declinesWhileAnotherHoldsTheClaim();
    replacing.releaseAll();
    replacing.grantsAtMostOnceWhenSeveralAskAtOnce();
  }

  private static void assertBroken(String message, Executable test) {
    String actual = assertThrows(AssertionError.class, test).getMessage();
    assertTrue(actual.contains(message), actual);
  }

  private static final class Contract extends TakeoverGuardContract {
    private final TakeoverGuard guard;

    Contract(TakeoverGuard guard) {
      this.guard = guard;
    }

    @Override
    protected TakeoverGuard newBackup() {
      return guard;
    }

    @Override
    protected void takeAway(Claim claim) {
      if (claim instanceof Handmade handmade) {
        handmade.lose();
      } else if (claim instanceof TestClaim test) {
        test.lose("the test took it away");
      }
    }

    @Override
    protected Duration patience() {
      return Duration.ofMillis(500);
    }
  }

  /** A claim of which only one may begin. */
  private final class FirstToBegin extends AbstractClaim {
    @Override
    public boolean announce() {
      return holder.compareAndSet(null, this) && isValid();
    }

    @Override
    public String description() {
      return "the first to begin";
    }

    @Override
    protected void giveUp() {
      holder.compareAndSet(this, null);
    }
  }

  private enum Flaw {
    RELEASES_ONCE,
    STAYS_VALID,
    MUTE,
    TELLS_TWICE,
    TELLS_AFTER_RELEASE,
    FORGETS_LATE_LISTENERS
  }

  /** A claim that somebody wrote without {@link io.github.keepalive4j.AbstractClaim}. */
  private static final class Handmade implements Claim {
    private final Flaw flaw;
    private final List<Consumer<ClaimLoss>> listeners = new ArrayList<>();
    private boolean valid = true;
    private boolean released;
    private ClaimLoss loss;

    Handmade(Flaw flaw) {
      this.flaw = flaw;
    }

    void lose() {
      if (released && flaw != Flaw.TELLS_AFTER_RELEASE) {
        return;
      }
      loss = new ClaimLoss("taken away", System.nanoTime());
      valid = flaw == Flaw.STAYS_VALID;
      if (flaw != Flaw.MUTE) {
        listeners.forEach(listener -> listener.accept(loss));
      }
      if (flaw == Flaw.TELLS_TWICE) {
        listeners.forEach(listener -> listener.accept(loss));
      }
    }

    @Override
    public void addLossListener(Consumer<ClaimLoss> listener) {
      listeners.add(listener);
      if (loss != null && flaw != Flaw.FORGETS_LATE_LISTENERS) {
        listener.accept(loss);
      }
    }

    @Override
    public boolean isValid() {
      return valid;
    }

    @Override
    public void release() {
      if (released && flaw == Flaw.RELEASES_ONCE) {
        throw new IllegalStateException("released already");
      }
      released = true;
      valid = flaw == Flaw.STAYS_VALID;
    }

    @Override
    public OptionalLong token() {
      return OptionalLong.empty();
    }

    @Override
    public OptionalLong supersedes() {
      return OptionalLong.empty();
    }

    @Override
    public Optional<String> resource() {
      return Optional.empty();
    }

    @Override
    public String description() {
      return "handmade";
    }
  }
}
