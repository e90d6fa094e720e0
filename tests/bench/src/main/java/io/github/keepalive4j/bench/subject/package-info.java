/** What is measured: each way to detect a dead peer, behind one interface. */
package io.github.keepalive4j.bench.subject;
