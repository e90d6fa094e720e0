/** The measurements, each of all subjects interleaved in one run. */
package io.github.keepalive4j.bench.measure;
