package io.github.keepalive4j.soak.idle;

import io.github.keepalive4j.support.CProgram;
import java.io.IOException;
import java.nio.file.Path;

/**
 * The C programs of a run.
 *
 * @param stamp puts the time at which it runs on record
 * @param release releases a shell that waits
 * @param kill kills a process, and says when
 */
record Programs(Path stamp, Path release, Path kill) {
  static Programs compile(Path folder) throws IOException, InterruptedException {
    return new Programs(
        CProgram.compile(folder, Programs.class, "stamp"),
        CProgram.compile(folder, Programs.class, "release"),
        CProgram.compile(folder, Programs.class, "kill"));
  }
}
