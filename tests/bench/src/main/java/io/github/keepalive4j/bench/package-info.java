/** The benchmarks' entry. The packages below have the subjects, the measurements and the report. */
package io.github.keepalive4j.bench;
