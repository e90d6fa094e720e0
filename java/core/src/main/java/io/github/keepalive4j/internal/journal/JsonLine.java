package io.github.keepalive4j.internal.journal;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Map;
import java.util.StringJoiner;

/** Writes a flat JSON object (RFC 8259) on one line. */
public final class JsonLine {
  private JsonLine() {}

  public static String of(Map<String, ?> fields) {
    StringJoiner object = new StringJoiner(",", "{", "}");
    fields.forEach((name, value) -> object.add(quote(name) + ":" + value(value)));
    return object.toString();
  }

  /** Tells whether a value is written as what it is: anything else would be written as its text. */
  public static boolean isWritable(Object value) {
    return value == null
        || value instanceof String
        || value instanceof Boolean
        || (value instanceof Number number && isWritable(number));
  }

  private static boolean isWritable(Number value) {
    if (value instanceof Double || value instanceof Float) {
      return Double.isFinite(value.doubleValue());
    }
    return value instanceof Long
        || value instanceof Integer
        || value instanceof Short
        || value instanceof Byte
        || value instanceof BigInteger
        || value instanceof BigDecimal;
  }

  private static String value(Object value) {
    return value == null || value instanceof Number || value instanceof Boolean
        ? String.valueOf(value)
        : quote(value.toString());
  }

  private static String quote(String text) {
    StringBuilder quoted = new StringBuilder(text.length() + 2).append('"');
    text.codePoints().forEach(character -> append(quoted, character));
    return quoted.append('"').toString();
  }

  private static void append(StringBuilder quoted, int character) {
    switch (character) {
      case '"' -> quoted.append("\\\"");
      case '\\' -> quoted.append("\\\\");
      case '\n' -> quoted.append("\\n");
      case '\r' -> quoted.append("\\r");
      case '\t' -> quoted.append("\\t");
      default -> {
        if (character < ' ' || isLoneSurrogate(character)) {
          quoted.append("\\u%04x".formatted(character));
        } else {
          quoted.appendCodePoint(character);
        }
      }
    }
  }

  /** UTF-8 can't encode it. */
  private static boolean isLoneSurrogate(int character) {
    return character >= Character.MIN_SURROGATE && character <= Character.MAX_SURROGATE;
  }
}
