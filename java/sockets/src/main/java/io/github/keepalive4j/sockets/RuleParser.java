package io.github.keepalive4j.sockets;

import io.github.keepalive4j.IpNetwork;
import io.github.keepalive4j.internal.DurationText;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads the text of {@link SocketRules}, from left to right, once. */
final class RuleParser {
  static final String END_STUCK = "end-stuck";

  private static final String WITHIN = "within=";
  private static final String TO = "to=";
  private static final String EVERY_ADDRESS = "*";
  private static final Pattern TARGET =
      Pattern.compile(
          "(\\[(?<ipv6>[^\\]]*)\\]|(?<address>[^:/\\[\\]]*))(?<prefix>/[^:]*)?(:(?<ports>.*))?");
  private static final Pattern PORTS = Pattern.compile("(?<first>\\d{1,5})(-(?<last>\\d{1,5}))?");

  private final String text;
  private final List<SocketRule> rules = new ArrayList<>();
  private @Nullable SocketRule budget; // of the last "within"; null before the first
  private boolean isUsed; // by a "to"
  private boolean endStuck;

  RuleParser(String text) {
    this.text = text;
  }

  SocketRules parse() {
    for (String part : text.split(",", -1)) {
      take(part.strip());
    }
    if (budget == null) {
      throw new IllegalArgumentException(
          "the rules \"" + text + "\" have no budget, such as within=30s");
    }
    endBudget();
    return SocketRules.of(rules, endStuck);
  }

  private void take(String part) {
    if (part.startsWith(WITHIN)) {
      endBudget();
      budget = within(part);
      isUsed = false;
    } else if (part.startsWith(TO)) {
      if (budget == null) {
        throw refusal(part, "comes before any budget, such as within=30s");
      }
      isUsed = true;
      rules.add(to(part, budget));
    } else if (part.equals(END_STUCK)) {
      endStuck = true;
    } else {
      throw refusal(part, "is none of within=TIME, to=NETWORK[:PORT[-PORT]] and " + END_STUCK);
    }
  }

  /** A budget without a network is for every peer. */
  private void endBudget() {
    if (budget != null && !isUsed) {
      rules.add(budget);
    }
  }

  private static SocketRule within(String part) {
    Duration time =
        DurationText.parse(part.substring(WITHIN.length()))
            .orElseThrow(
                () -> refusal(part, "has no time such as 500ms, 30s, 2m, 1h or 1d after the ="));
    try {
      return SocketRule.within(time);
    } catch (IllegalArgumentException e) {
      throw refusal(part, "is refused: " + e.getMessage());
    }
  }

  private static SocketRule to(String part, SocketRule budget) {
    Matcher target = TARGET.matcher(part.substring(TO.length()));
    if (!target.matches() || isIpv6WithoutBrackets(target)) {
      throw refusal(
          part,
          "isn't to=NETWORK[:PORT[-PORT]] such as to=10.0.0.0/8:5432 or to=[2001:db8::]/32:5432;"
              + " an IPv6 address goes in brackets");
    }
    SocketRule rule = network(part, budget, target);
    return target.group("ports") == null ? rule : ports(part, rule, target.group("ports"));
  }

  private static boolean isIpv6WithoutBrackets(Matcher target) {
    String ports = target.group("ports");
    return target.group("ipv6") == null && ports != null && ports.contains(":");
  }

  private static SocketRule network(String part, SocketRule budget, Matcher target) {
    String ipv6 = target.group("ipv6");
    String prefix = target.group("prefix") == null ? "" : target.group("prefix");
    String address = ipv6 == null ? target.group("address") : ipv6;
    if (address.equals(EVERY_ADDRESS) && ipv6 == null && prefix.isEmpty()) {
      return budget;
    }
    if (ipv6 != null && !ipv6.contains(":")) {
      throw refusal(part, "has an address in brackets that is not IPv6");
    }
    try {
      return budget.to(IpNetwork.parse(address + prefix));
    } catch (IllegalArgumentException e) {
      throw refusal(part, "is refused: " + e.getMessage() + "; * is every address");
    }
  }

  private static SocketRule ports(String part, SocketRule rule, String text) {
    Matcher ports = PORTS.matcher(text);
    if (!ports.matches()) {
      throw refusal(part, "has no port such as 5432, or ports such as 5432-5440, after the colon");
    }
    String last = ports.group("last");
    try {
      int first = Integer.parseInt(ports.group("first"));
      return rule.ports(first, last == null ? first : Integer.parseInt(last));
    } catch (IllegalArgumentException e) {
      throw refusal(part, "is refused: " + e.getMessage());
    }
  }

  private static IllegalArgumentException refusal(String part, String why) {
    return new IllegalArgumentException("the rule's part \"" + part + "\" " + why);
  }
}
