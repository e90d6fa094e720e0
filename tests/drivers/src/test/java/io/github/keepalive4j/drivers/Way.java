package io.github.keepalive4j.drivers;

/** How the driver's sockets get their options, if at all. */
enum Way {
  UNTOUCHED,
  FACTORY,
  AGENT,
  COMMAND
}
