package io.github.keepalive4j.guard;

import io.github.keepalive4j.Claim;
import io.github.keepalive4j.FenceGuard;
import io.github.keepalive4j.TakeoverGuard;
import io.github.keepalive4j.testkit.junit.TakeoverGuardContract;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A fence that only one backup gets, as a storage lock does, keeps the contract for guards. */
@Timeout(60)
class FenceGuardContractTest extends TakeoverGuardContract {
  @TempDir Path directory;

  @Override
  protected TakeoverGuard newBackup() {
    return FenceGuard.program(
        List.of("mkdir", directory.resolve("lock").toString()), Duration.ofSeconds(10));
  }

  @Override
  protected void takeAway(Claim claim) {
    throw new AssertionError("a fence can't be taken away");
  }
}
