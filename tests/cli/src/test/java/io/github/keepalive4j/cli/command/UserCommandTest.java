package io.github.keepalive4j.cli.command;

import static org.junit.jupiter.api.Assertions.assertThrows;

import io.github.keepalive4j.AbstractClaim;
import io.github.keepalive4j.internal.process.Cgroup;
import io.github.keepalive4j.support.Eventually;
import io.github.keepalive4j.support.Needs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a command on a claim leaves behind. */
class UserCommandTest {
  private Path own;

  /** Stands for a lack of threads, while the command's lease begins. */
  private static final class Unusable extends AbstractClaim {
    @Override
    public String description() {
      return "unusable";
    }

    @Override
    protected void giveUp() {}

    @Override
    public Optional<Duration> leaseLeft() {
      throw new IllegalStateException("no lease");
    }
  }

  @BeforeEach
  void needCgroups() {
    Cgroup made = Cgroup.make().orElse(null);
    if (made == null) {
      Needs.lack("no cgroup (v2) can be made: run this as root");
    }
    made.remove();
    own = made.folder().getParent();
  }

  /** Other tests, too, have groups here, but with processes. */
  private Set<Path> emptyGroups() throws IOException {
    try (Stream<Path> folders = Files.list(own)) {
      return folders
          .filter(folder -> folder.getFileName().toString().startsWith("keepalive-"))
          .filter(UserCommandTest::isEmpty)
          .collect(Collectors.toSet());
    }
  }

  private static boolean isEmpty(Path group) {
    try {
      return Files.readString(group.resolve("cgroup.procs")).isEmpty();
    } catch (IOException e) { // it has just been removed
      return false;
    }
  }

  @Test
  void aCommandThatCannotBeStartedLeavesNoGroup() throws Exception {
    Set<Path> before = emptyGroups();
    UserCommand command = new UserCommand("true", false);
    assertThrows(
        IllegalStateException.class,
        () -> command.startOn(new Unusable(), Map.of(), Duration.ofSeconds(1)));
    Eventually.await(
        "no new empty group",
        () -> {
          Set<Path> left = new HashSet<>(emptyGroups());
          left.removeAll(before);
          return left.isEmpty();
        });
  }
}
