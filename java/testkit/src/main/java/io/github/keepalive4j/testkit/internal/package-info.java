/** What the packages of the testkit share. */
package io.github.keepalive4j.testkit.internal;
