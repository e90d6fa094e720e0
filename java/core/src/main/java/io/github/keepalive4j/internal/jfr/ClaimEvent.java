package io.github.keepalive4j.internal.jfr;

import io.github.keepalive4j.Claim;
import io.github.keepalive4j.Failure;
import io.github.keepalive4j.internal.AddressText;
import java.util.List;
import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;

/** A question to a guard. */
@Name("keepalive4j.Claim")
@Label("Claim")
@Description("A guard was asked for the right to take over, or to serve")
@Category("keepalive4j")
@StackTrace(false)
public final class ClaimEvent extends Event {
  @Label("Peer")
  @Description("The source to be taken over; none where the source itself asks")
  String peer;

  @Label("Result")
  @Description("granted or declined")
  String result;

  @Label("Token")
  @Description("The claim's fencing token, -1 where there is none")
  long token = -1;

  @Label("Reason")
  @Description("What the claim rests on, or why the guard declined")
  String reason;

  ClaimEvent() {}

  void grant(List<Failure> failures, Claim claim) {
    fill("granted", failures, claim.description());
    token = claim.token().orElse(-1);
  }

  void decline(List<Failure> failures, String why) {
    fill("declined", failures, why);
  }

  private void fill(String outcome, List<Failure> failures, String why) {
    result = outcome;
    reason = why;
    peer = failures.isEmpty() ? null : AddressText.of(failures.get(failures.size() - 1).peer());
  }
}
