/**
 * The transport through the C shim: JNA's direct mapping of {@code native/include/keepalive4j.h}.
 */
package io.github.keepalive4j.internal.shim;
