package io.github.keepalive4j.soak.calm;

import io.github.keepalive4j.soak.program.Keepalive;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a link is watched for.
 *
 * @param within the budget, as {@code --detect-within} takes it
 * @param liveness as {@code --liveness} takes it
 */
record Link(String within, String liveness) {
  private static final int PORT = 9999;
  private static final Pattern FORM = Pattern.compile("(\\d{1,6}(?:ms|s)):(host|process)");

  /**
   * Reads a link such as {@code 30ms:host}.
   *
   * @throws IllegalArgumentException if it isn't one
   */
  static Link parse(String text) {
    Matcher matcher = FORM.matcher(text);
    if (!matcher.matches()) {
      throw new IllegalArgumentException("--link " + text + " is not like 30ms:host or 1s:process");
    }
    return new Link(matcher.group(1), matcher.group(2));
  }

  String[] serve(Keepalive keepalive, String address) {
    return keepalive.command(
        List.of("serve", "--json", "--bind", address, "--port", Integer.toString(PORT)));
  }

  /** It watches again after a failover, so that all are counted. */
  String[] watch(Keepalive keepalive, String address) {
    String source = address + ":" + PORT;
    List<String> how = List.of("--detect-within", within, "--liveness", liveness, "--rearm");
    List<String> arguments = new ArrayList<>(List.of("watch", source, "--json"));
    arguments.addAll(how);
    arguments.addAll(List.of("--on-failover", "true"));
    return keepalive.command(arguments);
  }

  @Override
  public String toString() {
    return within + ":" + liveness;
  }
}
