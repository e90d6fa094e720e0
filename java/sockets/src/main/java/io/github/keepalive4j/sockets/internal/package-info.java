/** How sockets are swept: scanned, looked at, judged, and changed. */
package io.github.keepalive4j.sockets.internal;
