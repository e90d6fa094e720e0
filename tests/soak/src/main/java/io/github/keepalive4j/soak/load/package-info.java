/** The soak's backup, in a JVM of its own: its links, what they tell, and what it takes up. */
package io.github.keepalive4j.soak.load;
