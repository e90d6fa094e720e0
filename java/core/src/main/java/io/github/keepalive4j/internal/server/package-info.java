/** A source's connections: who may connect, who answers, who is told. Not API. */
package io.github.keepalive4j.internal.server;
