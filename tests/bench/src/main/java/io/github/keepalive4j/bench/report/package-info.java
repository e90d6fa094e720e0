/**
 * The report: runs the measurements, holds them to their targets, and writes JSON, HTML and charts.
 */
package io.github.keepalive4j.bench.report;
