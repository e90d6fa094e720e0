package io.github.keepalive4j.qemu;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * Splits the byte stream into JSON objects by counting brackets. So it reads both of QEMU's forms:
 * one object a line, and {@code pretty=on}.
 */
final class QmpFraming {

  private static final int FIRST_SIZE = 4096;

  private final int maxMessageBytes;
  private byte[] message = new byte[FIRST_SIZE];
  private int length;
  private int depth;
  private boolean inString;
  private boolean escaped;

  /** Receives each complete message. */
  interface Sink {
    void message(JsonNode message) throws QmpProtocolFault;
  }

  QmpFraming(int maxMessageBytes) {
    this.maxMessageBytes = maxMessageBytes;
  }

  void feed(ByteBuffer bytes, Sink sink) throws QmpProtocolFault {
    while (bytes.hasRemaining()) {
      byte next = bytes.get();
      if (depth == 0 && isSpace(next)) {
        continue;
      }
      if (depth == 0 && next != '{') {
        throw new QmpProtocolFault("a byte outside of any message: 0x" + hex(next));
      }
      append(next);
      count(next);
      if (depth == 0) {
        JsonNode complete = QmpJson.read(message, length);
        reset();
        sink.message(complete);
      }
    }
  }

  /** Tells whether a message has begun but not ended. */
  boolean isInsideMessage() {
    return depth > 0;
  }

  private void append(byte next) throws QmpProtocolFault {
    if (length == maxMessageBytes) {
      throw new QmpProtocolFault(
          QmpConnectionException.Fault.OVERSIZED,
          "a message of more than " + maxMessageBytes + " bytes",
          null);
    }
    if (length == message.length) {
      message = Arrays.copyOf(message, Math.min(maxMessageBytes, length * 2));
    }
    message[length++] = next;
  }

  private void count(byte next) throws QmpProtocolFault {
    if (inString) {
      countInString(next);
    } else if (next == '"') {
      inString = true;
    } else if (next == '{' || next == '[') {
      depth++;
    } else if (next == '}' || next == ']') {
      depth--;
    }
  }

  private void countInString(byte next) throws QmpProtocolFault {
    if (next >= 0 && next < ' ') {
      throw new QmpProtocolFault("a control character in a string: 0x" + hex(next));
    }
    if (escaped) {
      escaped = false;
    } else if (next == '\\') {
      escaped = true;
    } else if (next == '"') {
      inString = false;
    }
  }

  private void reset() {
    length = 0;
    if (message.length > FIRST_SIZE) {
      message = new byte[FIRST_SIZE];
    }
  }

  private static boolean isSpace(byte next) {
    return next == ' ' || next == '\r' || next == '\n' || next == '\t';
  }

  private static String hex(byte value) {
    return String.format("%02x", value & 0xff);
  }
}
