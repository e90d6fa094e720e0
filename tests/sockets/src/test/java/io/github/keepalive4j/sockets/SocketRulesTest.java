package io.github.keepalive4j.sockets;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.keepalive4j.IpNetwork;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The text of rules, and which of them counts. */
class SocketRulesTest {
  private static SocketRule within(int seconds) {
    return SocketRule.within(Duration.ofSeconds(seconds));
  }

  private static SocketRule within(int seconds, String network) {
    return within(seconds).to(IpNetwork.parse(network));
  }

  @Test
  void aNetworkHasTheBudgetBeforeIt() {
    SocketRules rules =
        SocketRules.parse(
            "within=30s,to=10.0.0.0/8:5432,to=[2001:db8::]/32:5432-5440,within=2m,end-stuck");
    assertEquals(
        List.of(
            within(30, "10.0.0.0/8").ports(5432, 5432),
            within(30, "2001:db8::/32").ports(5432, 5440),
            within(120)),
        rules.rules());
    assertTrue(rules.endStuck());
  }

  @Test
  void aBudgetWithoutANetworkIsForEveryPeer() {
    SocketRules rules = SocketRules.parse("within=30s");
    assertEquals(List.of(within(30)), rules.rules());
    assertFalse(rules.endStuck());
  }

  @Test
  void aBudgetIsWholeMilliseconds() {
    Duration odd = Duration.ofNanos(5_000_000_001L);
    Exception e = assertThrows(IllegalArgumentException.class, () -> SocketRule.within(odd));
    assertEquals("within PT5.000000001S is not a whole number of ms", e.getMessage());
  }

  @ParameterizedTest
  @CsvSource({"3375ms, 3375", "4s, 4000", "2m, 120000", "1h, 3600000", "1d, 86400000"})
  void aTimeHasAUnit(String text, long ms) {
    SocketRule rule = SocketRules.parse("within=" + text).rules().get(0);
    assertEquals(Duration.ofMillis(ms), rule.within());
    assertEquals("within=" + text, rule.toString());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "within=30s",
        "within=30s,end-stuck",
        "within=30s,to=10.0.0.0/8",
        "within=30s,to=10.0.0.1/32:1",
        "within=30s,to=*:5432-5433",
        "within=30s,to=[2001:db8::]/32",
        "within=30s,to=[::1]/128:65535",
        "within=30s,to=10.0.0.0/8,within=30s",
        "within=30s,to=10.0.0.0/8,to=[::]/0,within=1m,to=*:80,within=5m,end-stuck"
      })
  void whatIsWrittenParsesBack(String text) {
    SocketRules rules = SocketRules.parse(text);
    assertEquals(text, rules.toString());
    assertEquals(rules, SocketRules.parse(rules.toString()));
    assertEquals(rules.hashCode(), SocketRules.parse(rules.toString()).hashCode());
  }

  @Test
  void spacesAroundPartsAreNoMatter() {
    assertEquals(
        SocketRules.parse("within=30s,to=10.0.0.0/8"),
        SocketRules.parse(" within=30s , to=10.0.0.0/8 "));
  }

  @Test
  void theFirstMatchWins() throws Exception {
    SocketRules rules = SocketRules.parse("within=30s,to=10.0.0.0/8:5432,within=1m,to=10.0.0.0/8");
    InetAddress host = InetAddress.getByName("10.0.0.1");
    assertEquals(
        Optional.of(Duration.ofSeconds(30)),
        rules.match(new InetSocketAddress(host, 5432)).map(SocketRule::within));
    assertEquals(
        Optional.of(Duration.ofMinutes(1)),
        rules.match(new InetSocketAddress(host, 5433)).map(SocketRule::within));
    assertEquals(
        Optional.empty(),
        rules.match(new InetSocketAddress(InetAddress.getByName("11.0.0.1"), 5432)));
  }

  @Test
  void withoutARuleNothingMatches() throws Exception {
    SocketRules none = SocketRules.of();
    assertEquals("", none.toString());
    assertEquals(
        Optional.empty(), none.match(new InetSocketAddress(InetAddress.getLoopbackAddress(), 80)));
  }

  @Test
  void theyAreMadeOfRulesToo() {
    SocketRules made = SocketRules.of(within(30, "10.0.0.0/8"), within(60)).withEndStuck(true);
    assertEquals(SocketRules.parse("within=30s,to=10.0.0.0/8,within=1m,end-stuck"), made);
    assertFalse(made.equals(made.withEndStuck(false)));
  }

  static Stream<Arguments> refusals() {
    String form =
        "isn't to=NETWORK[:PORT[-PORT]] such as to=10.0.0.0/8:5432 or to=[2001:db8::]/32:5432;"
            + " an IPv6 address goes in brackets";
    String parts = "is none of within=TIME, to=NETWORK[:PORT[-PORT]] and end-stuck";
    return Stream.of(
        refusal("", "", parts),
        refusal("within=30s,", "", parts),
        refusal("within=30s,too=10.0.0.0/8", "too=10.0.0.0/8", parts),
        refusal("to=10.0.0.0/8", "to=10.0.0.0/8", "comes before any budget, such as within=30s"),
        refusal(
            "within=30", "within=30", "has no time such as 500ms, 30s, 2m, 1h or 1d after the ="),
        refusal(
            "within=2s",
            "within=2s",
            "is refused: within 2s is not from 3375ms to 1d: to survive a lost segment, keepalive"
                + " takes two probes, which are whole seconds apart"),
        refusal("within=30s,to=[::1] :80", "to=[::1] :80", form),
        refusal("within=30s,to=2001:db8::/32", "to=2001:db8::/32", form),
        refusal("within=30s,to=::1:80", "to=::1:80", form),
        refusal(
            "within=30s,to=[10.0.0.1]",
            "to=[10.0.0.1]",
            "has an address in brackets that is not IPv6"),
        refusal(
            "within=30s,to=db.example",
            "to=db.example",
            "is refused: \"db.example\" is not a network such as 192.0.2.0/24 or 2001:db8::/32;"
                + " * is every address"),
        refusal(
            "within=30s,to=10.0.0.0/8:",
            "to=10.0.0.0/8:",
            "has no port such as 5432, or ports such as 5432-5440, after the colon"),
        refusal("within=30s,to=*:0", "to=*:0", "is refused: first port 0 is not from 1 to 65535"),
        refusal(
            "within=30s,to=*:9-8", "to=*:9-8", "is refused: last port 8 is not from 9 to 65535"));
  }

  private static Arguments refusal(String text, String part, String why) {
    return Arguments.of(text, "the rule's part \"" + part + "\" " + why);
  }

  @ParameterizedTest
  @MethodSource("refusals")
  void anErrorNamesThePartAndWhatIsAllowed(String text, String message) {
    assertEquals(message, refusalOf(text));
  }

  private static String refusalOf(String text) {
    return assertThrows(IllegalArgumentException.class, () -> SocketRules.parse(text)).getMessage();
  }

  @Test
  void rulesWithoutABudgetAreRefused() {
    assertEquals(
        "the rules \"end-stuck\" have no budget, such as within=30s", refusalOf("end-stuck"));
  }

  @Test
  void aRuleThatNeverAppliesIsRefused() {
    String because = "\" never applies, because \"within=30s\" before it is for every peer";
    assertEquals("the rule \"within=1m" + because, refusalOf("within=30s,within=1m"));
    assertEquals(
        "the rule \"within=30s,to=10.0.0.0/8" + because,
        refusalOf("within=30s,to=*,to=10.0.0.0/8"));
  }
}
