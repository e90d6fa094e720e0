package io.github.keepalive4j.cli.serve;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.keepalive4j.AbstractClaim;
import io.github.keepalive4j.cli.command.UserCommand;
import io.github.keepalive4j.support.Eventually;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A command that ends by itself, and one that was ended because the claim is lost. */
class ClaimCommandsTest {
  @TempDir private Path folder;
  private Path go;
  private Path done;
  private final BlockingQueue<String> failures = new LinkedBlockingQueue<>();
  private final Held claim = new Held();

  @BeforeEach
  void setUp() {
    go = folder.resolve("go");
    done = folder.resolve("done");
  }

  private ClaimCommands begin() {
    String wait =
        "until [ -e '%s' ]; do sleep 0.01; done; touch '%s'; exit 143".formatted(go, done);
    ClaimCommands commands =
        new ClaimCommands(null, new UserCommand(wait, false), null, Duration.ofSeconds(5));
    commands.begin("source", claim, failures::add);
    return commands;
  }

  @Test
  void aCommandThatFailsOnTheClaimIsAFailure() throws Exception {
    ClaimCommands commands = begin();
    Files.createFile(go);
    assertEquals(
        "the command of --on-claim-won exited with 143", failures.poll(10, TimeUnit.SECONDS));
    commands.stop("the end");
  }

  /** As by its supervisor at the lease's end, which may be before this process hears of that. */
  @Test
  void aCommandThatEndsAfterTheClaimIsNoFailure() throws Exception {
    ClaimCommands commands = begin();
    claim.expire();
    Files.createFile(go);
    Eventually.await("the command's end", () -> Files.exists(done));
    Eventually.assertNever("a failure", () -> !failures.isEmpty());
    commands.stop("the end");
    assertEquals(List.of(), List.copyOf(failures));
  }

  private static final class Held extends AbstractClaim {
    @Override
    public String description() {
      return "held";
    }

    void expire() {
      lose("expired", System.nanoTime());
    }

    @Override
    protected void giveUp() {}
  }
}
