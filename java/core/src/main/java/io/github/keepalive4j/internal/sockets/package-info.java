/**
 * Sockets that somebody else made, of this process or of another one: found, looked at and changed
 * through duplicates of their descriptors. Exported to the module that governs them.
 */
package io.github.keepalive4j.internal.sockets;
