/** How a journal's lines come to the disk. Not API. */
package io.github.keepalive4j.internal.journal;
