package io.github.keepalive4j.cli.output;

/** A form in which events are written. */
interface EventWriter {
  void write(Event event);
}
