/**
 * The report: runs the measurements, compares them with their targets, writes JSON, HTML, charts.
 */
package io.github.keepalive4j.bench.report;
