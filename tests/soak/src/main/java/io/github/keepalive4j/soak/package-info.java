/**
 * The fault matrix and the soak. This package has the entry point; the packages below have the
 * faults with their model, the programs on the hosts, the matrix, and the soak with its checker.
 */
package io.github.keepalive4j.soak;
