/**
 * The fault matrix and the soak: their entry, and in the packages below the faults with the model
 * of what each is to bring about, the programs on both hosts, the matrix, and the soak.
 */
package io.github.keepalive4j.soak;
