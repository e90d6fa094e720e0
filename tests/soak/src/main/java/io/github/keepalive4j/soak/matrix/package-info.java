/**
 * The fault matrix: runs every fault and every ordered pair of faults on links of every kind, and
 * writes the page with the results.
 */
package io.github.keepalive4j.soak.matrix;
