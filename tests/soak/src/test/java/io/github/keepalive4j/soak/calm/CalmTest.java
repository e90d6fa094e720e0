package io.github.keepalive4j.soak.calm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.keepalive4j.soak.SoakCall;
import io.github.keepalive4j.support.Eventually;
import io.github.keepalive4j.support.Needs;
import io.github.keepalive4j.support.RequiresLab;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Links that are left in peace for a few seconds. */
@RequiresLab
class CalmTest {
  private static final Duration LIMIT = Duration.ofSeconds(60);

  @TempDir Path folder;

  @Test
  void linksOfEachKindAreHeldSideBySide() throws Exception {
    Needs.program("cc");
    SoakCall call = calm("--minutes=0.15", "--link=1s:host,2s:process", "--busy=1", "--realtime");
    awaitUp(call);
    assertTrue(call.arguments("serve").contains("--realtime"));
    assertTrue(call.arguments("watch").contains("--realtime"));
    assertTrue(call.find("busy").isPresent());
    call.end();
    assertEquals(0, call.status(), call::text);
    call.requireLine("0.15 minutes, --realtime, 1 busy loops");
    call.requireLine("\\| 1s:host \\| 1 \\| 0 \\| \\d+ \\| 0 \\|");
    call.requireLine("\\| 2s:process \\| 1 \\| 0 \\| \\d+ \\| 0 \\|");
  }

  @Test
  void aFailoverIsCountedWithItsCause() throws Exception {
    SoakCall call = calm("--minutes=0.15", "--link=1s:process");
    awaitUp(call);
    new ProcessBuilder("kill", "-STOP", Long.toString(call.find("serve").orElseThrow().pid()))
        .start()
        .waitFor();
    call.end();
    assertEquals(1, call.status(), call::text);
    call.requireLine("\\| 1s:process \\| 1 \\| 1: 1 HUNG \\| [1-9] \\| 0 \\|");
  }

  @Test
  void anUnknownKindOfLinkIsRefused() throws Exception {
    SoakCall call = calm("--link=30ms").end();
    assertEquals(2, call.status(), call::text);
    assertTrue(call.text().contains("--link 30ms is not like 30ms:host or 1s:process"), call::text);
  }

  private static void awaitUp(SoakCall call) throws Exception {
    Eventually.await("up", LIMIT, () -> call.text().contains("all are up, beside"));
  }

  private SoakCall calm(String... arguments) throws IOException {
    List<String> all = new ArrayList<>(List.of("--pairs=1"));
    all.addAll(List.of(arguments));
    return SoakCall.start(folder, "calm", all.toArray(String[]::new));
  }
}
