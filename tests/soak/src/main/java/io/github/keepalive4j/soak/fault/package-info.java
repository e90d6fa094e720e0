/** Faults, and the model of what a backup must report of them. */
package io.github.keepalive4j.soak.fault;
