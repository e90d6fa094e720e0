/** What the testkit makes in place of the library, for tests of users' callbacks and guards. */
package io.github.keepalive4j.internal.testing;
