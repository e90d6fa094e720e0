package io.github.keepalive4j;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * One link, or a group of links to one source, under a {@link KeepaliveMonitor}. Thread-safe.
 *
 * <p>A watch ends once, and never silently: {@link #ended()} tells how.
 */
public final class Watch implements AutoCloseable {
  private final LinkGroup group;

  Watch(LinkGroup group) {
    this.group = group;
  }

  /** What has become of one link of a watch. More values may be added. */
  public enum LinkState {
    /** The link is watched, and nothing speaks against its source. */
    UP,
    /** Probes have gone unanswered. */
    SUSPECT,
    /**
     * The link has ended, and its source is {@linkplain KeepaliveMonitor.Builder#confirm tried
     * again}. The connection is closed by now: an owner who takes such a link back can only close
     * it.
     */
    CONFIRMING,
    /** The link has failed, which counts towards the group's failover. */
    FAILED,
    /** Its source stood down; the link can't fail any more. */
    LEFT,
    /** Its peer broke the protocol; the link can't fail any more. */
    VIOLATED,
    /** This host ended it; the link can't fail any more. */
    ABORTED,
    /** Its owner took it back or closed it; the link can't fail any more. */
    UNWATCHED
  }

  /** How a watch ended. Immutable. */
  public static final class End {
    private final Kind kind;
    private final List<Failure> failures;
    private final @Nullable String reason; // null where the kind says it all
    private final @Nullable CallbackRun run; // null unless the callback was called

    private record CallbackRun(Failover failover, @Nullable Throwable thrown, Duration time) {}

    /** The ways in which a watch ends. More values may be added. */
    public enum Kind {
      /** The callback has returned. */
      TAKEN_OVER,
      /** The callback threw: {@link End#thrown()}. */
      TAKEOVER_FAILED,
      /** The guard declined: {@link End#reason()}. No callback was called. */
      DECLINED,
      /** The source stood down. No callback was called. */
      LEFT,
      /** The peer broke the protocol. No callback was called. */
      VIOLATED,
      /** This host ended the link, which says nothing of the source. No callback was called. */
      ABORTED,
      /** The watch, its link or its monitor was closed, or its link was taken back. */
      CANCELLED,
      /** Too many links of the group are gone for the others' failures to be enough. */
      UNSATISFIABLE
    }

    private End(
        Kind kind, List<Failure> failures, @Nullable String reason, @Nullable CallbackRun run) {
      this.kind = kind;
      this.failures = failures;
      this.reason = reason;
      this.run = run;
    }

    static End called(Failover failover, @Nullable Throwable thrown, Duration time) {
      return new End(
          thrown == null ? Kind.TAKEN_OVER : Kind.TAKEOVER_FAILED,
          failover.failures(),
          null,
          new CallbackRun(failover, thrown, time));
    }

    static End without(Kind kind, List<Failure> failures, @Nullable String reason) {
      return new End(kind, failures, reason, null);
    }

    /** Returns the way in which the watch ended. */
    public Kind kind() {
      return kind;
    }

    /**
     * Returns how the links ended that have ended by themselves.
     *
     * @return the failures, in the order of their verdicts; none of a link that was taken back
     */
    public List<Failure> failures() {
      return failures;
    }

    /**
     * Returns why, for people to read.
     *
     * @return the guard's reason to decline, or why a group can't fail over any more; empty for the
     *     other kinds
     */
    public Optional<String> reason() {
      return Optional.ofNullable(reason);
    }

    /**
     * Returns what the callback was called with.
     *
     * @return the failover, with its claim; empty unless the callback was called
     */
    public Optional<Failover> failover() {
      return Optional.ofNullable(run).map(CallbackRun::failover);
    }

    /**
     * Returns what the callback threw.
     *
     * @return an exception or error; empty unless the kind is {@link Kind#TAKEOVER_FAILED}
     */
    public Optional<Throwable> thrown() {
      return Optional.ofNullable(run).map(CallbackRun::thrown);
    }

    /**
     * Returns how long the callback ran.
     *
     * @return the time from its begin to its end; empty unless it was called
     */
    public Optional<Duration> callbackTime() {
      return Optional.ofNullable(run).map(CallbackRun::time);
    }

    @Override
    public String toString() {
      return kind
          + (failures.isEmpty() ? "" : " " + failures)
          + (reason == null ? "" : ": " + reason)
          + thrown().map(error -> ": " + error).orElse("");
    }
  }

  /**
   * Returns the watch's end as a stage, which is completed after the callback, or at once where
   * none follows.
   *
   * @return a stage that never completes exceptionally. It is completed on the thread on which the
   *     watch ends, so what depends on it must not block for long
   */
  public CompletionStage<End> ended() {
    return group.ended();
  }

  /**
   * Returns the links of this watch and what has become of each. A link that a confirmation opened
   * is in the place of the one that had ended.
   */
  public Map<KeepaliveSocket, LinkState> linkStates() {
    return group.linkStates();
  }

  /**
   * Replaces a link of a group by a fresh one, which is watched from now on. The failure of a link
   * that has failed no longer counts. A link that is still watched is its owner's again and stays
   * open. One that a confirmation opened is closed, unless it was taken back before. If the fresh
   * link has ended already, that counts like a later end, on the monitor's executor.
   *
   * @param old a link of this watch, in whatever state
   * @param fresh a connected link without an observer
   * @throws IllegalArgumentException if {@code old} isn't a link of this watch, or has been
   *     replaced meanwhile
   * @throws IllegalStateException if the watch has ended or its takeover has begun, or as {@link
   *     KeepaliveMonitor#watch}
   * @throws IOException as {@link KeepaliveMonitor#watch}; the watch is as before
   */
  public void replace(KeepaliveSocket old, KeepaliveSocket fresh) throws IOException {
    group.replace(Objects.requireNonNull(old, "old"), Objects.requireNonNull(fresh, "fresh"));
  }

  /**
   * Ends the watch. Its links stay open and are their owner's again. Those that a confirmation
   * opened are closed, unless they were taken back before. No callback begins after this has
   * returned; one may still be running. A guard that is being asked is interrupted. Does nothing if
   * the watch has ended.
   */
  @Override
  public void close() {
    group.close();
  }

  @Override
  public String toString() {
    return "Watch" + linkStates();
  }
}
