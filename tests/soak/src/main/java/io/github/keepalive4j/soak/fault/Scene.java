package io.github.keepalive4j.soak.fault;

import io.github.keepalive4j.testkit.Host;
import io.github.keepalive4j.testkit.ManagedProcess;

/** Whom faults befall: two hosts and the programs on them. */
public record Scene(
    Host source, ManagedProcess sourceProgram, Host backup, ManagedProcess backupProgram) {}
