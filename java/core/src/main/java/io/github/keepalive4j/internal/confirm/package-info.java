/**
 * The second opinion: a source that ended a link is tried again before it is taken over. Not API.
 */
package io.github.keepalive4j.internal.confirm;
