package io.github.keepalive4j.soak.fault;

import io.github.keepalive4j.testkit.Host;
import io.github.keepalive4j.testkit.ManagedProcess;

/** The two hosts into which a fault is injected, and the programs on them. */
public record FaultTarget(
    Host source, ManagedProcess sourceProgram, Host backup, ManagedProcess backupProgram) {}
