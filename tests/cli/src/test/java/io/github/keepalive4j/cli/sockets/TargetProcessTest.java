package io.github.keepalive4j.cli.sockets;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;

/** What a process is called, which is up to the process. */
class TargetProcessTest {
  /** A control sequence of one character, and a mark that writes from right to left. */
  private static final String NAME = "printf 'a\\302\\23331mX\\342\\200\\256b' > /proc/$$/comm";

  @Test
  void aNameMovesNothingOnTheTerminal() throws Exception {
    Process named =
        new ProcessBuilder(List.of("sh", "-c", NAME + "; echo named; read -r end")).start();
    try {
      assertEquals('n', named.getInputStream().read());
      assertEquals("a?31mX?b", TargetProcess.of((int) named.pid()).name());
    } finally {
      named.destroyForcibly();
    }
  }
}
