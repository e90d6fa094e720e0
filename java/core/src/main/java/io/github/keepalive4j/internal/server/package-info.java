/** A source's connections: admission, answers and events. Not API. */
package io.github.keepalive4j.internal.server;
