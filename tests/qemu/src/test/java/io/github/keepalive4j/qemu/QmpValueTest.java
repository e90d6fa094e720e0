package io.github.keepalive4j.qemu;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class QmpValueTest {
  private static final QmpValue ANSWER =
      QmpValue.parse("{\"status\": \"paused\", \"n\": 7, \"up\": true, \"list\": [1, \"b\"]}");

  @Test
  void readsMembersAndElements() {
    assertEquals("paused", ANSWER.path("status").asText());
    assertEquals(7, ANSWER.path("n").asLong(-1));
    assertEquals("7", ANSWER.path("n").asText("none"));
    assertTrue(ANSWER.path("up").asBoolean(false));
    assertEquals("b", ANSWER.path("list").path(1).asText());
    assertEquals(2, ANSWER.path("list").values().size());
    assertEquals(List.of("status", "n", "up", "list"), ANSWER.names());
    assertEquals(4, ANSWER.size());
    assertTrue(ANSWER.isObject());
    assertTrue(ANSWER.path("list").isArray());
    assertFalse(ANSWER.isArray());
    assertFalse(ANSWER.path("list").isObject());
    assertFalse(QmpValue.of(false).asBoolean(true));
  }

  @Test
  void whatIsMissingGivesTheOtherValue() {
    QmpValue missing = ANSWER.path("no").path("deeper").path(3);
    assertTrue(missing.isMissing());
    assertEquals("", missing.asText());
    assertEquals("unknown", missing.asText("unknown"));
    assertEquals(-1, missing.asLong(-1));
    assertTrue(missing.asBoolean(true));
    assertEquals(List.of(), missing.values());
    assertEquals("", missing.toString());
    assertFalse(ANSWER.isMissing());
  }

  @Test
  void takesJavaObjects() {
    QmpValue inner = QmpValue.of(Map.of("path", "/run/nbd"));
    assertEquals("{\"path\":\"/run/nbd\"}", inner.toString());
    assertEquals(
        "[1,true,\"a\",{\"path\":\"/run/nbd\"}]",
        QmpValue.of(List.of(1L, true, "a", inner)).toString());
    assertEquals(QmpValue.parse("[1, 2]"), QmpValue.of(List.of(1, 2)));
    assertEquals(QmpValue.parse("[1, 2]").hashCode(), QmpValue.of(List.of(1, 2)).hashCode());
    assertNotEquals(0, QmpValue.parse("[1, 2]").hashCode());
    assertNotEquals(QmpValue.parse("[1, 2]"), QmpValue.of(List.of(2, 1)));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "{", "1 2", "{\"a\": 1, \"a\": 2}"})
  void refusesWhatIsNotOneJsonValue(String json) {
    assertThrows(IllegalArgumentException.class, () -> QmpValue.parse(json));
  }

  @Test
  void refusesObjectsWithoutAForm() {
    assertThrows(IllegalArgumentException.class, () -> QmpValue.of(new Object()));
    assertThrows(IllegalArgumentException.class, () -> QmpValue.of(Map.of(1, "a")));
    assertThrows(
        IllegalArgumentException.class,
        () -> QmpCommand.of("a").with("b", QmpValue.of(1).path("no")));
  }

  @Test
  void aCommandKeepsItsArguments() {
    QmpCommand command = QmpCommand.of("a").with("b", QmpValue.of(List.of("c")));
    assertEquals("{\"b\":[\"c\"]}", command.arguments().toString());
  }
}
