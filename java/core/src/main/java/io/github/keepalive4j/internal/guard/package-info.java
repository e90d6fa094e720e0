/** From a verdict to its callback: the guard's answer, the claim, the journal. Not API. */
package io.github.keepalive4j.internal.guard;
