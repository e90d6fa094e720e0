package io.github.keepalive4j.qemu;

import java.io.IOException;
import java.util.Objects;

/** QEMU answered a command with an error, which has a class and a description. */
public final class QmpException extends IOException {

  private static final long serialVersionUID = 1;

  /** The command that QEMU refused. */
  private final String command;

  /** The reply's {@code class}. */
  private final String errorClass;

  /** The reply's {@code desc}. */
  private final String description;

  /**
   * Makes the exception for one error reply.
   *
   * @param command the command that QEMU refused
   * @param errorClass the reply's {@code class}, mostly {@code GenericError}
   * @param description the reply's {@code desc}
   */
  public QmpException(String command, String errorClass, String description) {
    super(
        "QEMU refused "
            + Objects.requireNonNull(command, "command")
            + ": "
            + errorClass
            + ": "
            + description);
    this.command = command;
    this.errorClass = Objects.requireNonNull(errorClass, "errorClass");
    this.description = Objects.requireNonNull(description, "description");
  }

  /** Returns the name of the command that QEMU refused. */
  public String command() {
    return command;
  }

  /** Returns QEMU's error class, such as {@code GenericError} or {@code CommandNotFound}. */
  public String errorClass() {
    return errorClass;
  }

  /** Returns QEMU's description of the error, for people. */
  public String description() {
    return description;
  }
}
