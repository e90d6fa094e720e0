package io.github.keepalive4j.cli.output;

import java.io.PrintStream;
import java.util.function.Supplier;

/** The last line of a terminal, redrawn in place below the lines printed. Not thread-safe. */
final class StatusLine {
  private static final String ERASE = "\r\u001b[2K";
  private static final String CUT_OFF = "\u001b[?7l";
  private static final String WRAP = "\u001b[?7h";

  private final PrintStream terminal;
  private Supplier<String> text; // null for none

  StatusLine(PrintStream terminal) {
    this.terminal = terminal;
  }

  void show(Supplier<String> newText) {
    text = newText;
    draw();
  }

  void hide() {
    if (text != null) {
      text = null;
      print(ERASE);
    }
  }

  void draw() {
    if (text != null) {
      print(ERASE + CUT_OFF + text.get() + WRAP);
    }
  }

  void printAbove(String line) {
    print(ERASE + line + System.lineSeparator());
    draw();
  }

  private void print(String what) {
    terminal.print(what);
    terminal.flush();
  }
}
