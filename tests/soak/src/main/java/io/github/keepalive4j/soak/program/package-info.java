/** The source and the backup, each in a JVM of its own. */
package io.github.keepalive4j.soak.program;
