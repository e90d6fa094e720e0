/** Every fault and every ordered pair of faults, on links of every kind, and the page of them. */
package io.github.keepalive4j.soak.matrix;
