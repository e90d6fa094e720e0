/** Checks what a soak's backup reported against the faults that were injected. */
package io.github.keepalive4j.soak.check;
