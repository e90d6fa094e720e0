/** The measurements that JMH can make, of the same subjects. */
package io.github.keepalive4j.bench.jmh;
