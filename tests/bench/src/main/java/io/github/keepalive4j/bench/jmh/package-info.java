/** The measurements that JMH can make, with the same subjects. */
package io.github.keepalive4j.bench.jmh;
