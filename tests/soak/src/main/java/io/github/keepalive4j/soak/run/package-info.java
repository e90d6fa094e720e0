/** The soak: a lab, troubles at random, and the report on what came of them. */
package io.github.keepalive4j.soak.run;
