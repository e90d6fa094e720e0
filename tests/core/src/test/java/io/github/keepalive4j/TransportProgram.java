package io.github.keepalive4j;

/** Says which transport is taken in a process of its own, and why not the shim. */
final class TransportProgram {
  private TransportProgram() {}

  public static void main(String[] args) {
    System.out.println(
        Transport.NATIVE.unavailabilityCause().map(TransportProgram::oneLine).orElse("available"));
    try {
      System.out.println(Transport.selected());
    } catch (IllegalStateException e) {
      System.out.println(oneLine(e));
    }
  }

  private static String oneLine(Throwable error) {
    return error.toString().replace('\n', ' ');
  }
}
