/**
 * How long the command takes on links, and in processes, that have been left alone: from the end of
 * the source to the verdict, to the event and to the takeover's first instruction.
 */
package io.github.keepalive4j.soak.idle;
