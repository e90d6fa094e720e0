package io.github.keepalive4j.qemu;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.keepalive4j.qemu.QmpConnectionException.Fault;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** How a stream of bytes is split into messages. */
class QmpFramingTest {
  private static final int LIMIT = 20_000;

  private final QmpFraming framing = new QmpFraming(LIMIT);
  private final List<String> messages = new ArrayList<>();

  private void feed(String text) throws QmpProtocolFault {
    framing.feed(
        ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)),
        message -> messages.add(message.toString()));
  }

  private QmpProtocolFault refusalOf(String text) {
    return assertThrows(QmpProtocolFault.class, () -> feed(text));
  }

  @Test
  void bothOfQemusFormsAreSplit() throws Exception {
    feed("{\"a\": 1}\r\n{\r\n    \"b\": {\r\n\t\"c\": [2]\r\n    }\r\n}\r\n");
    assertEquals(List.of("{\"a\":1}", "{\"b\":{\"c\":[2]}}"), messages);
  }

  @ParameterizedTest
  @ValueSource(strings = {"é 漢 😀", "} ] {", "\\\" } \\\\"})
  void whatIsInAStringSplitsNothing(String text) throws Exception {
    feed("{\"a\":\"" + text + "\"}");
    assertEquals(List.of("{\"a\":\"" + text + "\"}"), messages);
  }

  @Test
  void aMessageThatHasBegunIsTold() throws Exception {
    assertFalse(framing.isInsideMessage());
    feed("{");
    assertTrue(framing.isInsideMessage());
    feed("} ");
    assertFalse(framing.isInsideMessage());
  }

  @Test
  void oneOfTheGreatestLengthIsRead() throws Exception {
    String longest = "{\"a\":\"" + "x".repeat(LIMIT - 8) + "\"}";
    feed(longest + longest);
    assertEquals(List.of(longest, longest), messages);
  }

  @Test
  void oneThatIsLongerIsRefused() {
    QmpProtocolFault refusal = refusalOf("{\"a\":\"" + "x".repeat(LIMIT - 7) + "\"}");
    assertEquals("a message of more than 20000 bytes", refusal.getMessage());
    assertEquals(Fault.OVERSIZED, refusal.fault());
  }

  @ParameterizedTest
  @CsvSource({
    "x, a byte outside of any message: 0x78",
    "é, a byte outside of any message: 0xc3",
    "'{\"\u0000', a control character in a string: 0x00",
    "'{\"\u0001', a control character in a string: 0x01",
    "{1}, a message that is not JSON"
  })
  void whatIsNoMessageIsNamed(String text, String reason) {
    QmpProtocolFault refusal = refusalOf(text);
    assertEquals(reason, refusal.getMessage());
    assertEquals(Fault.PROTOCOL, refusal.fault());
  }
}
