package io.github.keepalive4j.cli.output;

import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.keepalive4j.support.ChildJvm;
import java.time.Instant;
import org.junit.jupiter.api.Test;

/** When an event happened, though it is put together and written later. */
class OutputTest {
  @Test
  void anEventMadeLaterKeepsTheTimeAtWhichItHappened() throws Exception {
    try (ChildJvm program = ChildJvm.start(LateEventProgram.class)) {
      JsonNode event = new ObjectMapper().readTree(program.readLine());
      assertTrue(event.get("monotonicNs").asLong() < event.get("madeNs").asLong(), event::toString);
      Instant at = Instant.parse(event.get("at").asText());
      assertTrue(at.isBefore(Instant.parse(event.get("madeAt").asText())), event::toString);
    }
  }
}
