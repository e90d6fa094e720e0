package io.github.keepalive4j.testkit;

/** A program that prints why it cannot open labs. */
final class AvailabilityProbe {
  private AvailabilityProbe() {}

  public static void main(String[] args) {
    System.out.println(Lab.isAvailable() + " " + Lab.unavailabilityCause().orElse(""));
  }
}
