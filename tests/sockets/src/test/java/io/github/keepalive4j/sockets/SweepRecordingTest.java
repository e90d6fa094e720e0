package io.github.keepalive4j.sockets;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.keepalive4j.support.ChildJvm;
import io.github.keepalive4j.support.Eventually;
import java.nio.file.Path;
import java.util.List;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The events for the JDK's Flight Recorder. */
@Timeout(60)
class SweepRecordingTest {
  @Test
  void whatHappensToASocketIsRecorded(@TempDir Path folder) throws Exception {
    Path file = folder.resolve("sweep.jfr");
    String rule;
    int port;
    try (Recording recording = new Recording();
        LoopbackPair pair = LoopbackPair.open()) {
      recording.start();
      port = pair.port();
      rule = "within=30s,to=127.0.0.1/32:" + port;
      try (SocketSweeper sweeper = SocketSweeper.builder().rules(SocketRules.parse(rule)).open()) {
        Eventually.await("its options", () -> pair.client.getKeepAlive());
        pair.client.setKeepAlive(false);
        Eventually.await("set again", () -> sweeper.setAgain() == 1);
      }
      recording.stop();
      recording.dump(file);
    }
    List<RecordedEvent> events =
        RecordingFile.readAllEvents(file).stream()
            .filter(event -> event.getEventType().getName().startsWith("keepalive4j.Socket"))
            .filter(event -> event.getString("peer").endsWith(":" + port))
            .toList();
    assertEquals(
        List.of("keepalive4j.SocketGoverned", "keepalive4j.SocketSetAgain"),
        events.stream().map(event -> event.getEventType().getName()).toList());
    RecordedEvent governed = events.get(0);
    assertEquals("127.0.0.1:" + port, governed.getString("peer"));
    assertTrue(governed.getString("local").startsWith("127.0.0.1:"));
    assertEquals(rule, governed.getString("rule"));
    assertEquals(0, governed.getLong("queued"));
    assertTrue(governed.getDuration("silence").toSeconds() < 60);
  }

  /** A runtime image without the recorder. */
  @Test
  void withoutTheRecorderNothingIsMissed() throws Exception {
    try (ChildJvm child =
        ChildJvm.start(
            SweptProgram.class,
            "--limit-modules=java.logging,jdk.net,jdk.management,java.management")) {
      assertEquals("governed, recorder absent", child.readLine());
    }
  }
}
