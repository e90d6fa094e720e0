/** The thread of a supervised standby, its waits, and what it logs. Not API. */
package io.github.keepalive4j.internal.standby;
