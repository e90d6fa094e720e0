/**
 * What befell the links of a soak and what was told of them, and the rules that both are held to.
 */
package io.github.keepalive4j.soak.check;
