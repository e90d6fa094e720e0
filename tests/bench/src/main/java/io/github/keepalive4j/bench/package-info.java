/**
 * The benchmarks: their entry, and in the packages below the subjects, the measurements and the
 * report.
 */
package io.github.keepalive4j.bench;
