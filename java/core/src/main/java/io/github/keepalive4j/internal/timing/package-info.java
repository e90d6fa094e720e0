/** How soon a link is found dead, predicted and solved. Not API. */
package io.github.keepalive4j.internal.timing;
