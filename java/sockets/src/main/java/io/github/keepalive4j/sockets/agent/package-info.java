/**
 * The agent: what the JVM's application class loader sees of the agent's jar. It needs the JDK
 * alone and is in no other jar, so that it can't be mistaken for a class of the application.
 */
package io.github.keepalive4j.sockets.agent;
