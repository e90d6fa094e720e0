package io.github.keepalive4j.internal;

/** Which half of a link this side is: {@code enum ka_role}. */
public enum Role {
  /** Watches. */
  BACKUP(0),
  /** Is watched. */
  SOURCE(1);

  private final int number;

  Role(int number) {
    this.number = number;
  }

  /** Returns the role's number in the shim's interface. */
  public int number() {
    return number;
  }
}
