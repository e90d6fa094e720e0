/** The programs of source and backup, each in a JVM of its own, and the testbed they run on. */
package io.github.keepalive4j.soak.program;
