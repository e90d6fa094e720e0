package io.github.keepalive4j.qemu;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;
import java.util.Objects;

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
   * A command without arguments.
   *
   * @param name QEMU's name for it, such as {@code query-status}
   * @return the command
   * @throws IllegalArgumentException if the name is blank
   */
  public static QmpCommand of(String name) {
    return new QmpCommand(
        Arguments.name("command", name), JsonNodeFactory.instance.objectNode(), false);
  }

  /**
   * This command with one argument more.
   *
   * @param key the argument's name
   * @param value its value
   * @return a new command
   * @throws IllegalArgumentException if the key is blank
   */
  public QmpCommand with(String key, JsonNode value) {
    Objects.requireNonNull(value, key);
    ObjectNode more = arguments.deepCopy();
    more.set(Arguments.name("argument of " + name, key), value.deepCopy());
    return new QmpCommand(name, more, outOfBand);
  }

  /**
   * This command with one argument more.
   *
   * @param key the argument's name
   * @param value its value
   * @return a new command
   * @throws IllegalArgumentException if the key is blank
   */
  public QmpCommand with(String key, String value) {
    Objects.requireNonNull(value, key);
    return with(key, JsonNodeFactory.instance.textNode(value));
  }

  /**
   * This command with one argument more.
   *
   * @param key the argument's name
   * @param value its value
   * @return a new command
   * @throws IllegalArgumentException if the key is blank
   */
  public QmpCommand with(String key, long value) {
    return with(key, JsonNodeFactory.instance.numberNode(value));
  }

  /**
   * This command with one argument more.
   *
   * @param key the argument's name
   * @param value its value
   * @return a new command
   * @throws IllegalArgumentException if the key is blank
   */
  public QmpCommand with(String key, boolean value) {
    return with(key, JsonNodeFactory.instance.booleanNode(value));
  }

  /**
   * This command, to be executed past the commands that wait in QEMU's queue and past a main loop
   * that hangs. QEMU allows that for few commands ({@code yank} is one); where the connection does
   * not offer it, the command is executed in its turn.
   *
   * @return a new command
   */
  public QmpCommand outOfBand() {
    return new QmpCommand(name, arguments, true);
  }

  /**
   * The command's name.
   *
   * @return QEMU's name for it
   */
  public String name() {
    return name;
  }

  /**
   * The command's arguments.
   *
   * @return a copy of them, empty if there are none
   */
  public ObjectNode arguments() {
    return arguments.deepCopy();
  }

  /**
   * Whether the command asks to be executed out of band.
   *
   * @return true if {@link #outOfBand()} made it
   */
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

  /** The arguments' values alone, as a step of a takeover names them. */
  String argumentValues() {
    StringBuilder values = new StringBuilder();
    for (JsonNode value : arguments) {
      values.append(values.isEmpty() ? "" : " ");
      values.append(value.isTextual() ? value.textValue() : value.toString());
    }
    return values.toString();
  }

  @Override
  public boolean equals(Object other) {
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
