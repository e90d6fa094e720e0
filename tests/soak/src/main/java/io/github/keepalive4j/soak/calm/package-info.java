/** Links of the command that nothing disturbs: how often it suspects them, or fails over. */
package io.github.keepalive4j.soak.calm;
