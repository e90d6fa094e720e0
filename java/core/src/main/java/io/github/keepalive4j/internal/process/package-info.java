/** Processes that are started and leave nothing behind. Not API. */
package io.github.keepalive4j.internal.process;
