package io.github.keepalive4j.drivers.client;

/** Where the servers are. */
record Settings(String address) {}
