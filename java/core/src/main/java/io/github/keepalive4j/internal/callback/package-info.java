/** How callbacks run, and who else hears of what happens. Not API. */
package io.github.keepalive4j.internal.callback;
