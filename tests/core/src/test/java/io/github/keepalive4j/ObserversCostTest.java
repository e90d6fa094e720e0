package io.github.keepalive4j;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.keepalive4j.internal.callback.Observers;
import io.github.keepalive4j.monitor.FlightLog;
import io.github.keepalive4j.support.ChildJvm;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Being observable costs nothing while nobody observes. */
class ObserversCostTest {
  /** What 10,000 lives may allocate, for the caller's own two lambdas and a list. */
  private static final long OWN_BYTES = 256;

  @TempDir Path folder;

  @Test
  void withoutARecorderNothingIsAllocatedAndNoEventLoaded() throws Exception {
    Path loaded = folder.resolve("loaded");
    try (ChildJvm child =
        ChildJvm.start(ObserversProgram.class, "-Xlog:class+load:file=" + loaded)) {
      assertNothing(child.readLine());
      assertTrue(Files.readString(loaded).contains("io.github.keepalive4j.internal.jfr.Flight "));
      assertFalse(Files.readString(loaded).contains("internal.jfr.FlightEvents"));
    }
  }

  /** A runtime image without the recorder. */
  @Test
  void withoutTheModuleNothingIsMissed() throws Exception {
    try (ChildJvm child =
        ChildJvm.start(
            ObserversProgram.class,
            "--limit-modules=java.logging,jdk.net,jdk.management,java.management")) {
      assertNothing(child.readLine());
    }
  }

  private static void assertNothing(String line) {
    assertTrue(line.endsWith(" bytes, recorder off"), line);
    assertNothing(Long.parseLong(line.substring(0, line.indexOf(' '))));
  }

  private static void assertNothing(long bytes) {
    assertTrue(bytes <= OWN_BYTES, () -> bytes + " bytes");
  }

  @Test
  void afterARecordingNothingIsAllocatedAnyMore() throws Exception {
    try (FlightLog log = new FlightLog()) {
      assertTrue(ObserversProgram.allocatedBytes() > OWN_BYTES, "the instrument is blind");
      assertFalse(log.events().isEmpty());
    }
    assertNothing(ObserversProgram.allocatedBytes());
  }

  @Test
  void withoutARecordingOrAListenerNoSuspicionIsAskedFor() throws Exception {
    Observers observers = new Observers(null, (link, error) -> {});
    assertFalse(observers.wantsSuspicion());
    try (FlightLog log = new FlightLog()) {
      assertTrue(observers.wantsSuspicion());
      assertEquals(List.of(), log.events());
    }
    assertFalse(observers.wantsSuspicion());
    assertTrue(new Observers(new MonitorListener() {}, null).wantsSuspicion());
  }
}
