package io.github.keepalive4j.fast;

/**
 * How long a test runs: by default short, for every build; longer with a system property {@code
 * keepalive4j.fast.…}, for a machine that has nothing else to do.
 */
final class Form {
  private final String name;
  private final int shortForm;

  private Form(String name, int shortForm) {
    this.name = "keepalive4j.fast." + name;
    this.shortForm = shortForm;
  }

  static Form of(String name, int shortForm) {
    return new Form(name, shortForm);
  }

  int length() {
    return Integer.getInteger(name, shortForm);
  }

  /** Tells whether the targets are to be held to, for which a shared machine is too noisy. */
  boolean isFull() {
    return length() > shortForm;
  }
}
