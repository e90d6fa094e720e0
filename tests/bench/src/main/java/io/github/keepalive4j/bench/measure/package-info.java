/** The measurements. Each interleaves all its subjects in one run. */
package io.github.keepalive4j.bench.measure;
