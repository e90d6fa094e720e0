package io.github.keepalive4j.internal;

import io.github.keepalive4j.IpNetwork;
import io.github.keepalive4j.KeepaliveOptions;
import io.github.keepalive4j.Md5Key;
import java.util.Map;

/**
 * A listener's settings, apart from its address.
 *
 * @param backlog connections that may wait to be accepted
 * @param ipv6Only whether an IPv6 address takes IPv6 alone; null for the system's default
 * @param singleHop whether only peers on the same network are heard
 * @param keys the key that signs the segments from and to a network's peers
 * @param options the options of the accepted connections
 */
public record ListenSettings(
    int backlog,
    Boolean ipv6Only,
    boolean singleHop,
    Map<IpNetwork, Md5Key> keys,
    KeepaliveOptions options) {}
