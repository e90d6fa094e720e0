/**
 * The transport through the JDK alone: {@code SocketChannel}, {@code ExtendedSocketOptions}, {@code
 * Selector}.
 */
package io.github.keepalive4j.internal.nio;
