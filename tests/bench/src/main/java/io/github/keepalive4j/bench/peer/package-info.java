/** The other end of the links: what dies, and when exactly it did. */
package io.github.keepalive4j.bench.peer;
