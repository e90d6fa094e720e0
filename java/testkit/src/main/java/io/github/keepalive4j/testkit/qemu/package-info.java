/**
 * A small QEMU machine for demonstrations and tests. It runs a guest that counts on its serial
 * port, so a test can see that the guest runs, and that it goes on from where it was migrated.
 */
@NullMarked
package io.github.keepalive4j.testkit.qemu;

import org.jspecify.annotations.NullMarked;
