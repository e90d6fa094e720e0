package io.github.keepalive4j.soak.idle;

/** What a pair has measured once. */
interface Outcome {
  /** The budget of the link, as {@code --within} has it. */
  String budget();

  /** Tells whether it is what was to be measured. What isn't is measured again. */
  boolean counts();
}
