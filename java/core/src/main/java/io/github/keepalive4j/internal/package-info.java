/** What is not API: the seam between the public types and the two transports. */
package io.github.keepalive4j.internal;
