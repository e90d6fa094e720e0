package io.github.keepalive4j.testkit;

/** A program that writes why labs are unavailable to it. */
final class AvailabilityProbe {
  private AvailabilityProbe() {}

  public static void main(String[] args) {
    System.out.println(Lab.isAvailable() + " " + Lab.unavailabilityCause().orElse(""));
  }
}
