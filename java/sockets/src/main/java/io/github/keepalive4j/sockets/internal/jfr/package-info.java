/** The sweeper's events for the JDK's Flight Recorder, as the core has its own. */
package io.github.keepalive4j.sockets.internal.jfr;
