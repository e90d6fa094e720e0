/** What befalls a link, and the model of what a backup is to report then. */
package io.github.keepalive4j.soak.fault;
