/**
 * Takeover claims on an Apache ZooKeeper ensemble, through Apache Curator: however many backups
 * watch a source, exactly one takes it over.
 *
 * <p>Start at {@link io.github.keepalive4j.zookeeper.ZooKeeperGuard}.
 */
@NullMarked
package io.github.keepalive4j.zookeeper;

import org.jspecify.annotations.NullMarked;
