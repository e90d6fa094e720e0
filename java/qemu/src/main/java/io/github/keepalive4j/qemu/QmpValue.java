package io.github.keepalive4j.qemu;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A JSON value in QMP: an object, array, string, number, boolean or null, or the absence of one.
 * Immutable.
 *
 * <p>{@code answer.path("status").asText("unknown")} reads a member that may be missing.
 */
public final class QmpValue {

  private final JsonNode json;

  private QmpValue(JsonNode json) {
    this.json = json;
  }

  /** Wraps a node that nobody changes any more. */
  static QmpValue wrap(JsonNode json) {
    return new QmpValue(json == null ? MissingNode.getInstance() : json);
  }

  /**
   * Returns the value of a Java object.
   *
   * @param value a {@code String}, {@code Boolean} or {@code Number}; a {@code QmpValue}; a {@code
   *     Map} with keys of type {@code String} or an {@code Iterable}, both of such values
   * @throws IllegalArgumentException if the object or one inside is of another type
   */
  public static QmpValue of(Object value) {
    return new QmpValue(node(Objects.requireNonNull(value, "value")));
  }

  /**
   * Returns the value of a JSON text.
   *
   * @param json one value, such as {@code {"type": "unix", "path": "/run/nbd"}}
   * @throws IllegalArgumentException if the text is no JSON, has more than one value, or a name
   *     twice in one object
   */
  public static QmpValue parse(String json) {
    return new QmpValue(QmpJson.parse(Objects.requireNonNull(json, "json")));
  }

  private static JsonNode node(Object value) {
    JsonNodeFactory nodes = JsonNodeFactory.instance;
    if (value instanceof QmpValue other && !other.isMissing()) {
      return other.json;
    } else if (value instanceof String text) {
      return nodes.textNode(text);
    } else if (value instanceof Boolean bool) {
      return nodes.booleanNode(bool);
    } else if (value instanceof Integer || value instanceof Long) {
      return number(((Number) value).longValue());
    } else if (value instanceof Double || value instanceof Float) {
      return nodes.numberNode(((Number) value).doubleValue());
    } else if (value instanceof Map<?, ?> members) {
      ObjectNode object = nodes.objectNode();
      members.forEach((name, member) -> object.set(memberName(name), node(member)));
      return object;
    } else if (value instanceof Iterable<?> elements) {
      List<JsonNode> array = new ArrayList<>();
      elements.forEach(element -> array.add(node(element)));
      return nodes.arrayNode().addAll(array);
    }
    throw new IllegalArgumentException("value: " + value + " has no form in QMP");
  }

  /** Returns the node that parsing gives, because nodes of int and long are never equal. */
  private static JsonNode number(long value) {
    JsonNodeFactory nodes = JsonNodeFactory.instance;
    return value == (int) value ? nodes.numberNode((int) value) : nodes.numberNode(value);
  }

  private static String memberName(Object name) {
    if (name instanceof String text) {
      return text;
    }
    throw new IllegalArgumentException("value: the name " + name + " of a member is no string");
  }

  /** Returns the member of that name, or a missing value if there is none or this is no object. */
  public QmpValue path(String name) {
    return wrap(json.path(Objects.requireNonNull(name, "name")));
  }

  /** Returns the element at that place, or a missing value if there is none or this is no array. */
  public QmpValue path(int index) {
    return wrap(json.path(index));
  }

  /** Tells whether {@code path} found nothing. */
  public boolean isMissing() {
    return json.isMissingNode();
  }

  /** Tells whether this is an object. */
  public boolean isObject() {
    return json.isObject();
  }

  /** Tells whether this is an array. */
  public boolean isArray() {
    return json.isArray();
  }

  /** Returns the number of members or elements, 0 for all other values. */
  public int size() {
    return json.size();
  }

  /**
   * Returns the elements of an array, or the values of an object's members.
   *
   * @return the values in QEMU's order, empty for all other values
   */
  public List<QmpValue> values() {
    List<QmpValue> values = new ArrayList<>();
    json.forEach(value -> values.add(wrap(value)));
    return List.copyOf(values);
  }

  /**
   * Returns the names of an object's members.
   *
   * @return the names in QEMU's order, empty for all other values
   */
  public List<String> names() {
    List<String> names = new ArrayList<>();
    json.fieldNames().forEachRemaining(names::add);
    return List.copyOf(names);
  }

  /** Returns a string's text, a number or boolean as text, and "" for all other values. */
  public String asText() {
    return json.asText("");
  }

  /** Returns a string's text, a number or boolean as text, or the other text. */
  public String asText(String otherwise) {
    Objects.requireNonNull(otherwise, "otherwise");
    return json.isValueNode() && !json.isNull() ? json.asText() : otherwise;
  }

  /** Returns a number's whole part, or the other number. */
  public long asLong(long otherwise) {
    return json.isNumber() ? json.longValue() : otherwise;
  }

  /** Returns a boolean, or the other one. */
  public boolean asBoolean(boolean otherwise) {
    return json.isBoolean() ? json.booleanValue() : otherwise;
  }

  JsonNode node() {
    return json;
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof QmpValue that && json.equals(that.json);
  }

  @Override
  public int hashCode() {
    return json.hashCode();
  }

  /** Returns the value as JSON on one line, "" if it is missing. */
  @Override
  public String toString() {
    return json.toString();
  }
}
