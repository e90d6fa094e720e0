package io.github.keepalive4j.sockets;

import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Rules in order, of which a socket has the first that matches its peer. Immutable.
 *
 * <p>As a text they are parts with commas in between:
 *
 * <pre>{@code within=30s,to=10.0.0.0/8:5432,to=[2001:db8::]/32:5432-5440,within=2m,end-stuck}</pre>
 *
 * <table>
 *   <caption>Parts</caption>
 *   <tr><td>{@code within=TIME}</td>
 *       <td>the budget of each {@code to} up to the next {@code within}; without any {@code to} it
 *       is for every peer. {@code TIME} is a number with {@code ms}, {@code s}, {@code m}, {@code h}
 *       or {@code d}</td></tr>
 *   <tr><td>{@code to=NETWORK}, {@code to=NETWORK:PORT}, {@code to=NETWORK:FIRST-LAST}</td>
 *       <td>which peers; an IPv6 address goes in brackets, and {@code *} is every address</td></tr>
 *   <tr><td>{@code end-stuck}</td>
 *       <td>{@link #endStuck()}</td></tr>
 * </table>
 */
public final class SocketRules {
  private final List<SocketRule> rules;
  private final boolean endStuck;

  private SocketRules(List<SocketRule> rules, boolean endStuck) {
    this.rules = rules;
    this.endStuck = endStuck;
  }

  /**
   * Makes rules, without {@link #endStuck()}.
   *
   * @param rules in the order in which they are tried; without any, no socket is touched
   * @throws IllegalArgumentException if a rule comes after one for every peer, because it would
   *     never apply
   */
  public static SocketRules of(SocketRule... rules) {
    for (SocketRule rule : Objects.requireNonNull(rules, "rules")) {
      if (rule == null) {
        throw new NullPointerException("rules contains null");
      }
    }
    return of(List.of(rules), false);
  }

  static SocketRules of(List<SocketRule> rules, boolean endStuck) {
    for (int i = 1; i < rules.size(); i++) {
      if (rules.get(i - 1).isForEveryPeer()) {
        throw new IllegalArgumentException(
            "the rule \""
                + rules.get(i)
                + "\" never applies, because \""
                + rules.get(i - 1)
                + "\" before it is for every peer");
      }
    }
    return new SocketRules(List.copyOf(rules), endStuck);
  }

  /**
   * Reads rules. No name is looked up.
   *
   * @param text the parts, at least one {@code within}
   * @throws IllegalArgumentException if {@code text} isn't of that form. The message names the part
   *     and what is allowed
   */
  public static SocketRules parse(String text) {
    return new RuleParser(Objects.requireNonNull(text, "text")).parse();
  }

  /**
   * Returns these rules with or without {@link #endStuck()}.
   *
   * @param endStuck whether stuck connections are ended
   */
  public SocketRules withEndStuck(boolean endStuck) {
    return new SocketRules(rules, endStuck);
  }

  /** Returns the rules, in the order in which they are tried. */
  public List<SocketRule> rules() {
    return rules;
  }

  /**
   * Tells whether connections are shut down that are stuck already: what they sent has been
   * unacknowledged for longer than their budget when the rule comes.
   */
  public boolean endStuck() {
    return endStuck;
  }

  /**
   * Finds a peer's rule.
   *
   * @param remote the peer's address and port
   * @return the first rule that matches, or empty if none does
   */
  public Optional<SocketRule> match(InetSocketAddress remote) {
    Objects.requireNonNull(remote, "remote");
    return rules.stream().filter(rule -> rule.matches(remote)).findFirst();
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof SocketRules others
        && rules.equals(others.rules)
        && endStuck == others.endStuck;
  }

  @Override
  public int hashCode() {
    return Objects.hash(rules, endStuck);
  }

  /** Returns the rules as {@link #parse} takes them. */
  @Override
  public String toString() {
    List<String> parts = new ArrayList<>();
    String budget = "";
    for (SocketRule rule : rules) {
      if (rule.isForEveryPeer() || !rule.budget().equals(budget)) {
        budget = rule.budget();
        parts.add(budget);
      }
      if (!rule.isForEveryPeer()) {
        parts.add(rule.target());
      }
    }
    if (endStuck) {
      parts.add(RuleParser.END_STUCK);
    }
    return String.join(",", parts);
  }
}
