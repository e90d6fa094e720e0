package io.github.keepalive4j.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.keepalive4j.EachTransport;
import io.github.keepalive4j.Transport;
import io.github.keepalive4j.support.ChildJvm;
import io.github.keepalive4j.support.Preload;
import java.nio.file.Path;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An option of the accepted connections that the kernel refuses. */
class RefusedOptionTest extends EachTransport {
  @TempDir Path folder;

  @Test
  void aRefusedOptionFailsTheOpeningAndIsNamed() throws Exception {
    Preload preload = Preload.compile("no_keepcnt", folder);
    String option = "-D" + Transport.PROPERTY + "=" + transport.name().toLowerCase(Locale.ROOT);
    try (ChildJvm program = ChildJvm.start(preload.command(), RefusedOptionProgram.class, option)) {
      String refusal = program.readLine();
      assertTrue(refusal.contains(isNative() ? "TCP_KEEPCNT: EPERM" : "TCP_KEEPCOUNT"), refusal);
      assertTrue(refusal.contains("Operation not permitted"), refusal);
      assertEquals("nothing is left open", program.readLine());
    }
  }
}
