/** The soak's backup, in a JVM of its own: its links, their events, and its footprint. */
package io.github.keepalive4j.soak.load;
