/**
 * What the tests of several modules share: waiting, requirements, sources that fail on command,
 * programs in JVMs of their own and preloaded libraries.
 */
package io.github.keepalive4j.support;
