package io.github.keepalive4j.qemu;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.ByteBuffer;

/** Reads and writes QMP's JSON. Reading is strict. Each message is written as one line. */
final class QmpJson {

  private static final JsonMapper MAPPER =
      JsonMapper.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  private QmpJson() {}

  static JsonNode read(byte[] bytes, int length) throws QmpProtocolFault {
    try {
      return MAPPER.readTree(bytes, 0, length);
    } catch (IOException e) {
      throw new QmpProtocolFault(
          QmpConnectionException.Fault.PROTOCOL, "a message that is not JSON", e);
    }
  }

  static JsonNode parse(String json) {
    JsonNode value;
    try {
      value = MAPPER.readTree(json);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("json: '" + json + "', must be one JSON value", e);
    }
    if (value.isMissingNode()) {
      throw new IllegalArgumentException("json: '" + json + "', must be one JSON value");
    }
    return value;
  }

  static ByteBuffer line(ObjectNode message) {
    try {
      byte[] json = MAPPER.writeValueAsBytes(message);
      return ByteBuffer.allocate(json.length + 2)
          .put(json)
          .put((byte) '\r')
          .put((byte) '\n')
          .flip();
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("a command that has no JSON form: " + message, e);
    }
  }

  static ObjectNode object() {
    return JsonNodeFactory.instance.objectNode();
  }
}
