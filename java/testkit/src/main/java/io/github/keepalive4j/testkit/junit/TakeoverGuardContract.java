package io.github.keepalive4j.testkit.junit;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.keepalive4j.AbstractClaim;
import io.github.keepalive4j.Claim;
import io.github.keepalive4j.ClaimDeclinedException;
import io.github.keepalive4j.ClaimLoss;
import io.github.keepalive4j.ClaimRequest;
import io.github.keepalive4j.TakeoverGuard;
import io.github.keepalive4j.testkit.event.ClaimRequests;
import io.github.keepalive4j.testkit.event.Failures;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * Tests that a {@link TakeoverGuard} grants to one backup at a time. Extend it with a class that
 * makes your guards; its tests then run as your own.
 *
 * <p>A backup counts as granted once it has its claim and, as before a callback, {@linkplain
 * AbstractClaim#announce() announces} that it begins.
 *
 * <p>The first backup of a test finds the source's claim free. Each test has an instance of its
 * own, so a field that names a fresh resource is enough for that.
 */
@SuppressWarnings("exports") // as with LabExtension
public abstract class TakeoverGuardContract {
  private static final int RIVALS = 4;
  private static final Duration QUIET = Duration.ofMillis(300);

  private final List<Claim> given = new ArrayList<>(); // guarded by itself

  /** For a class that makes guards. */
  protected TakeoverGuardContract() {}

  /**
   * Makes the guard of one more backup of the same source. Each call stands for another machine, so
   * the guards share only what they would share then.
   *
   * @return a guard; the contract {@linkplain TakeoverGuard#arm() arms} it
   * @throws Exception fails the test
   */
  protected abstract TakeoverGuard newBackup() throws Exception;

  /**
   * Takes a claim away from its holder from outside, as an administrator or the end of a lease
   * does. Must not use {@link Claim#release()}. Called also with a claim that is released already;
   * then there may be nothing to do. Not called if {@link AbstractClaim#canBeLost()} is false.
   *
   * @param claim a claim of a guard of {@link #newBackup()}
   * @throws Exception fails the test
   */
  protected abstract void takeAway(Claim claim) throws Exception;

  /**
   * Returns how long the guard may take to grant or decline, and to notice a loss.
   *
   * @return 10 s unless overridden
   */
  protected Duration patience() {
    return Duration.ofSeconds(10);
  }

  /** Releases what a test was given, so that the next begins with a free claim. */
  @AfterEach
  public final void releaseAll() {
    synchronized (given) {
      given.forEach(Claim::release);
    }
  }

  /** A claim that was just given is valid and says what it is. */
  @Test
  public final void givesAValidClaim() throws Exception {
    Claim claim = claim(newBackup().arm());
    assertTrue(claim.isValid(), "a claim that was just given isn't valid");
    assertTrue(mayBegin(claim), "announce() of a claim that was just given returned false");
    assertFalse(claim.description().isBlank(), "the claim's description() is blank");
    if (claim.token().isPresent()) {
      assertTrue(
          claim.resource().isPresent(),
          "the claim has a token but no resource(), so nobody can tell what it counts");
    }
  }

  /** A second backup is declined, with a reason, and the holder keeps its claim. */
  @Test
  public final void declinesWhileAnotherHoldsTheClaim() throws Exception {
    TakeoverGuard first = newBackup().arm();
    TakeoverGuard second = newBackup().arm();
    Claim claim = begin(first);
    requireDecline(() -> begin(second));
    assertTrue(claim.isValid(), "the holder lost its claim because another backup was declined");
  }

  /** Of several backups that ask at once, at most one is granted. */
  @Test
  public final void grantsAtMostOnceWhenSeveralAskAtOnce() throws Exception {
    List<Callable<Claim>> calls = new ArrayList<>();
    for (int i = 0; i < RIVALS; i++) {
      TakeoverGuard guard = newBackup().arm();
      calls.add(() -> begin(guard));
    }
    ExecutorService threads = Executors.newFixedThreadPool(RIVALS);
    try {
      int granted = 0;
      for (Future<Claim> result :
          threads.invokeAll(calls, 2 * patience().toNanos(), TimeUnit.NANOSECONDS)) {
        assertFalse(result.isCancelled(), "a guard neither granted nor declined in time");
        granted += isGranted(result) ? 1 : 0;
      }
      assertTrue(
          granted <= 1,
          "the guards granted to " + granted + " of " + RIVALS + " backups that asked at once");
    } finally {
      threads.shutdownNow();
    }
  }

  /**
   * A released claim isn't valid, a second release does nothing, and the next backup may claim. A
   * claim that can't be lost stands for good: there the next backup isn't asked about.
   */
  @Test
  public final void releaseFreesTheClaimOnce() throws Exception {
    Claim claim = begin(newBackup().arm());
    claim.release();
    assertFalse(claim.isValid(), "a released claim is still valid");
    if (!canBeLost(claim)) {
      assertDoesNotThrow(claim::release, "a second release() threw");
      return;
    }
    Claim next = begin(newBackup().arm());
    assertDoesNotThrow(claim::release, "a second release() threw");
    assertTrue(next.isValid(), "a second release() ended the claim of the next holder");
    if (claim.token().isPresent()) {
      assertEquals(claim.resource(), next.resource(), "the next claim's resource() is another");
      assertTrue(
          next.token().isPresent() && next.token().getAsLong() > claim.token().getAsLong(),
          "the next claim's token " + next.token() + " isn't above " + claim.token());
    }
  }

  /**
   * A loss is told to each listener once, to late ones at once; the claim is invalid then. A claim
   * that can't be lost isn't tried.
   */
  @Test
  public final void tellsALossOnce() throws Exception {
    Claim claim = begin(newBackup().arm());
    if (!canBeLost(claim)) {
      return;
    }
    BlockingQueue<ClaimLoss> first = new LinkedBlockingQueue<>();
    BlockingQueue<ClaimLoss> second = new LinkedBlockingQueue<>();
    claim.addLossListener(first::add);
    claim.addLossListener(second::add);
    takeAway(claim);
    ClaimLoss loss = first.poll(patience().toNanos(), TimeUnit.NANOSECONDS);
    assertNotNull(loss, "no listener was called within " + patience() + " of the claim's loss");
    assertFalse(loss.reason().isBlank(), "the loss has a blank reason");
    assertFalse(claim.isValid(), "a lost claim is still valid");
    assertNotNull(
        second.poll(patience().toNanos(), TimeUnit.NANOSECONDS),
        "the second listener wasn't called");
    BlockingQueue<ClaimLoss> late = new LinkedBlockingQueue<>();
    claim.addLossListener(late::add);
    assertEquals(1, late.size(), "a listener that was added after the loss wasn't called at once");
    assertDoesNotThrow(claim::release, "release() of a lost claim threw");
    assertQuiet(first, "a listener was called a second time");
    assertQuiet(second, "a listener was called a second time");
  }

  /**
   * A released claim is no longer lost: its listeners aren't called. A claim that can't be lost
   * isn't tried.
   */
  @Test
  public final void tellsNoLossAfterRelease() throws Exception {
    Claim claim = begin(newBackup().arm());
    if (!canBeLost(claim)) {
      return;
    }
    BlockingQueue<ClaimLoss> losses = new LinkedBlockingQueue<>();
    claim.addLossListener(losses::add);
    claim.release();
    takeAway(claim);
    assertFalse(claim.isValid(), "a released claim is valid again");
    assertQuiet(losses, "a listener was called after release()");
  }

  private Claim claim(TakeoverGuard guard) throws Exception {
    InetSocketAddress source =
        new InetSocketAddress(InetAddress.getByAddress(new byte[] {(byte) 192, 0, 2, 1}), 7400);
    ClaimRequest request =
        ClaimRequests.takeover(Failures.timedOut(source).silence(Duration.ofSeconds(1)).build())
            .remaining(patience())
            .build();
    Claim claim = guard.claim(request);
    assertNotNull(claim, "claim(…) returned null; to decline it throws ClaimDeclinedException");
    synchronized (given) {
      given.add(claim);
    }
    return claim;
  }

  /** Claims, and begins as a monitor does before it calls back. */
  private Claim begin(TakeoverGuard guard) throws Exception {
    Claim claim = claim(guard);
    if (!mayBegin(claim)) {
      throw new ClaimDeclinedException("the claim was replaced before its holder began");
    }
    return claim;
  }

  private static boolean mayBegin(Claim claim) {
    return !(claim instanceof AbstractClaim base) || base.announce();
  }

  private static boolean isGranted(Future<Claim> result) throws InterruptedException {
    try {
      result.get();
      return true;
    } catch (ExecutionException e) {
      requireReason(e.getCause());
      return false;
    }
  }

  private static void requireDecline(Callable<Claim> call) {
    Claim claim;
    try {
      claim = call.call();
    } catch (Exception e) {
      requireReason(e);
      return;
    }
    throw new AssertionError("granted to a second backup while the first holds it: " + claim);
  }

  private static void requireReason(Throwable thrown) {
    assertInstanceOf(
        ClaimDeclinedException.class,
        thrown,
        () -> "a guard declines with ClaimDeclinedException, not with " + thrown);
    assertTrue(
        thrown.getMessage() != null && !thrown.getMessage().isBlank(),
        "ClaimDeclinedException tells no reason");
  }

  private static boolean canBeLost(Claim claim) {
    return !(claim instanceof AbstractClaim base) || base.canBeLost();
  }

  private static void assertQuiet(BlockingQueue<ClaimLoss> losses, String message)
      throws InterruptedException {
    ClaimLoss loss = losses.poll(QUIET.toNanos(), TimeUnit.NANOSECONDS);
    assertEquals(null, loss, message);
  }
}
