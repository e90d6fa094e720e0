package io.github.keepalive4j.qemu;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** One QMP command: its name and arguments. Immutable. */
public final class QmpCommand {

  private final String name;
  private final ObjectNode arguments;
  private final boolean outOfBand;

  private QmpCommand(String name, ObjectNode arguments, boolean outOfBand) {
    this.name = name;
    this.arguments = arguments;
    this.outOfBand = outOfBand;
  }

  /**
   * Returns a command without arguments.
   *
   * @param name QEMU's name for it, such as {@code query-status}
   * @throws IllegalArgumentException if the name is blank
   */
  public static QmpCommand of(String name) {
    return new QmpCommand(
        Arguments.name("command", Objects.requireNonNull(name, "name")),
        JsonNodeFactory.instance.objectNode(),
        false);
  }

  /**
   * Returns this command with one more argument.
   *
   * @throws IllegalArgumentException if the key is blank or the value is missing
   */
  public QmpCommand with(String key, QmpValue value) {
    Objects.requireNonNull(value, "value");
    if (value.isMissing()) {
      throw new IllegalArgumentException("value: missing, must be a value");
    }
    return with(key, value.node());
  }

  /**
   * Returns this command with one more argument.
   *
   * @throws IllegalArgumentException if the key is blank
   */
  public QmpCommand with(String key, String value) {
    Objects.requireNonNull(value, "value");
    return with(key, JsonNodeFactory.instance.textNode(value));
  }

  /**
   * Returns this command with one more argument.
   *
   * @throws IllegalArgumentException if the key is blank
   */
  public QmpCommand with(String key, long value) {
    return with(key, QmpValue.of(value));
  }

  /**
   * Returns this command with one more argument.
   *
   * @throws IllegalArgumentException if the key is blank
   */
  public QmpCommand with(String key, boolean value) {
    return with(key, JsonNodeFactory.instance.booleanNode(value));
  }

  private QmpCommand with(String key, JsonNode value) {
    ObjectNode more = arguments.deepCopy();
    more.set(
        Arguments.name("argument of " + name, Objects.requireNonNull(key, "key")),
        value.deepCopy());
    return new QmpCommand(name, more, outOfBand);
  }

  /**
   * Returns this command for execution out of band: ahead of QEMU's queue, and even while its main
   * loop hangs. QEMU allows that for few commands, such as {@code yank}. A connection that does not
   * offer it executes the command in its turn.
   */
  public QmpCommand outOfBand() {
    return new QmpCommand(name, arguments, true);
  }

  /** Returns QEMU's name for the command. */
  public String name() {
    return name;
  }

  /** Returns the arguments as an object, empty if there are none. */
  public QmpValue arguments() {
    return QmpValue.wrap(arguments);
  }

  /** Tells whether {@link #outOfBand()} made this command. */
  public boolean isOutOfBand() {
    return outOfBand;
  }

  ObjectNode toMessage(String id, boolean outOfBandOffered) {
    ObjectNode message = JsonNodeFactory.instance.objectNode();
    message.put(outOfBand && outOfBandOffered ? "exec-oob" : "execute", name);
    if (!arguments.isEmpty()) {
      message.set("arguments", arguments.deepCopy());
    }
    return message.put("id", id);
  }

  /** Returns the arguments' values alone, as a step of a takeover shows them. */
  String argumentValues() {
    StringBuilder values = new StringBuilder();
    for (JsonNode value : arguments) {
      values.append(values.isEmpty() ? "" : " ");
      values.append(value.isTextual() ? value.textValue() : value.toString());
    }
    return values.toString();
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof QmpCommand that
        && name.equals(that.name)
        && arguments.equals(that.arguments)
        && outOfBand == that.outOfBand;
  }

  @Override
  public int hashCode() {
    return Objects.hash(name, arguments, outOfBand);
  }

  @Override
  public String toString() {
    StringBuilder text = new StringBuilder(name);
    for (Map.Entry<String, JsonNode> argument : arguments.properties()) {
      text.append(' ').append(argument.getKey()).append('=').append(argument.getValue());
    }
    return text.toString();
  }
}
