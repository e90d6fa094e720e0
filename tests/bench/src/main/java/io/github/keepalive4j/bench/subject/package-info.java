/** What is measured: each way to learn of a dead peer, behind one interface. */
package io.github.keepalive4j.bench.subject;
