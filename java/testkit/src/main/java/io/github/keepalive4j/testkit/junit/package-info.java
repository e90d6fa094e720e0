/**
 * What a test with JUnit Jupiter extends: a {@link
 * io.github.keepalive4j.testkit.junit.LabExtension} opens labs, and a {@link
 * io.github.keepalive4j.testkit.junit.TakeoverGuardContract} tests a guard. JUnit is an optional
 * dependency; only this package needs it.
 */
@NullMarked
package io.github.keepalive4j.testkit.junit;

import org.jspecify.annotations.NullMarked;
