/** The other end of the links: it dies, and its time of death is known exactly. */
package io.github.keepalive4j.bench.peer;
