/** The seam between the public types and the two transports. Not API. */
package io.github.keepalive4j.internal;
