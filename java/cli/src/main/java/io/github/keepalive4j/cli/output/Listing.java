package io.github.keepalive4j.cli.output;

import java.io.PrintWriter;

/**
 * What a command lists on standard output, for people or as JSON. Unlike {@link Output} it waits
 * for a slow reader, who misses nothing then.
 */
public final class Listing {
  private final PrintWriter people;
  private final JsonEventWriter program; // null where people read

  Listing(PrintWriter people, JsonEventWriter program) {
    this.people = people;
    this.program = program;
  }

  /** Lists an event; a socket's text has several lines. */
  public void event(Event event) {
    if (program == null) {
      boolean isListed = event.type() == Event.Type.SOCKET;
      note(isListed ? event.text() : TextEventWriter.withoutTime(event));
    } else {
      program.write(event);
    }
  }

  /** Writes a line that only people need. */
  public void note(String line) {
    if (program == null) {
      people.println(line);
      people.flush();
    }
  }
}
