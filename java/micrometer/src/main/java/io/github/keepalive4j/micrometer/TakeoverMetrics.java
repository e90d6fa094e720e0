package io.github.keepalive4j.micrometer;

import io.github.keepalive4j.Claim;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/**
 * The metrics of what stands behind a verdict: whether a failover would go ahead now, and who holds
 * the source. What the builder isn't given has no meter.
 *
 * <table>
 *   <caption>Meters, all of them gauges</caption>
 *   <tr><th>name</th><th>what</th></tr>
 *   <tr><td>{@code keepalive.armed}</td><td>1 if a failover would go ahead now, else 0</td></tr>
 *   <tr><td>{@code keepalive.claim.held}</td>
 *       <td>1 while this process holds the claim, else 0</td></tr>
 *   <tr><td>{@code keepalive.claim.token}</td>
 *       <td>the fencing token of the claim that is held, NaN without one. Exact below 2^53</td></tr>
 *   <tr><td>{@code keepalive.ensemble.connected}</td>
 *       <td>1 while the guard is connected to its ensemble, else 0</td></tr>
 *   <tr><td>{@code keepalive.qmp.connected}</td>
 *       <td>1 while the QEMU that takes over is connected, else 0</td></tr>
 * </table>
 *
 * <p>The registry asks on its own thread whenever it is read. What is asked must return at once,
 * and counts as NaN where it throws.
 */
public final class TakeoverMetrics implements MeterBinder {
  private final Tags tags;
  private final Map<String, Question> questions;

  private record Question(String description, Supplier<Number> answer) {}

  private TakeoverMetrics(Builder builder) {
    tags = Tags.of(Tag.of("source", builder.source));
    questions = Map.copyOf(builder.questions);
  }

  /**
   * Returns a builder without a meter.
   *
   * @param source the tag {@code source} of each meter: the same for a source and all its backups
   * @return a new builder
   */
  public static Builder builder(String source) {
    return new Builder(Objects.requireNonNull(source, "source"));
  }

  @Override
  public void bindTo(MeterRegistry registry) {
    Objects.requireNonNull(registry, "registry");
    questions.forEach(
        (name, question) ->
            Gauge.builder(name, question.answer())
                .description(question.description())
                .tags(tags)
                .register(registry));
  }

  /** Chooses the meters. Not thread-safe. */
  public static final class Builder {
    private final String source;
    private final Map<String, Question> questions = new LinkedHashMap<>();

    private Builder(String source) {
      this.source = source;
    }

    /**
     * Adds {@code keepalive.armed}.
     *
     * @param armed tells whether a failover would go ahead now: a link is watched, and guard and
     *     takeover are ready
     * @return this builder
     */
    public Builder armed(BooleanSupplier armed) {
      return flag("armed", "Whether a failover would go ahead now", armed);
    }

    /**
     * Adds {@code keepalive.claim.held} and {@code keepalive.claim.token}.
     *
     * @param claim returns the claim that this process holds now
     * @return this builder
     */
    public Builder claim(Supplier<Optional<Claim>> claim) {
      Objects.requireNonNull(claim, "claim");
      flag("claim.held", "Whether this process holds the claim", () -> claim.get().isPresent());
      return add("claim.token", "The claim's fencing token", () -> token(claim.get()));
    }

    private static double token(Optional<Claim> claim) {
      return claim
          .filter(held -> held.token().isPresent())
          .map(held -> (double) held.token().getAsLong())
          .orElse(Double.NaN);
    }

    /**
     * Adds {@code keepalive.ensemble.connected}.
     *
     * @param connected tells whether the guard is connected to its ensemble
     * @return this builder
     */
    public Builder ensemble(BooleanSupplier connected) {
      return flag("ensemble.connected", "Whether the ensemble is connected", connected);
    }

    /**
     * Adds {@code keepalive.qmp.connected}.
     *
     * @param connected tells whether the QEMU that takes over is connected
     * @return this builder
     */
    public Builder qmp(BooleanSupplier connected) {
      return flag("qmp.connected", "Whether QEMU is connected", connected);
    }

    private Builder flag(String name, String description, BooleanSupplier set) {
      String parameter = name.substring(name.indexOf('.') + 1);
      Objects.requireNonNull(set, parameter);
      return add(name, description, () -> set.getAsBoolean() ? 1 : 0);
    }

    private Builder add(String name, String description, Supplier<Number> answer) {
      questions.put("keepalive." + name, new Question(description, answer));
      return this;
    }

    /** Returns the meters, to be bound to a registry. */
    public TakeoverMetrics build() {
      return new TakeoverMetrics(this);
    }
  }
}
