/** The soak: runs it with random faults and reports the result. */
package io.github.keepalive4j.soak.run;
