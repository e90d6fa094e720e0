package io.github.keepalive4j.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.keepalive4j.support.JavaCommand;
import io.github.keepalive4j.support.RequiresLab;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@RequiresLab
class ResidueTest {
  private static final Duration TIMEOUT = Duration.ofSeconds(20);

  private ManagedProcess holder;
  private long sleeper;
  private List<String> namespaces;

  @BeforeEach
  void startHolder() throws Exception {
    holder = ManagedProcess.start(new ProcessBuilder(JavaCommand.of(LabHolder.class)));
    List<String> words = List.of(holder.awaitLine("^\\d+ ka-", TIMEOUT).text().split(" ", -1));
    sleeper = Long.parseLong(words.get(0));
    namespaces = words.subList(1, words.size());
    assertEquals(3, namespaces.size());
  }

  @AfterEach
  void killHolder() throws IOException {
    holder.kill();
  }

  @Test
  void theNextLabRemovesWhatAKilledProcessLeft() throws Exception {
    assertTrue(namespaces.stream().allMatch(ResidueTest::exists));
    assertTrue(runs(sleeper));
    holder.kill(); // from here on, labs of other processes may remove it
    Lab.open().close();
    assertEquals(List.of(), namespaces.stream().filter(ResidueTest::exists).toList());
    assertFalse(exists(namespaces.get(0).replaceFirst("-a$", "-_bridge")));
    assertFalse(runs(sleeper));
  }

  @Test
  void theNextLabKeepsTheLabOfALiveProcess() throws Exception {
    Lab.open().close();
    assertTrue(namespaces.stream().allMatch(ResidueTest::exists));
    assertTrue(runs(sleeper));
  }

  @Test
  void aProcessThatEndsClosesItsLabs() throws Exception {
    try (OutputStream stdin = holder.stdin()) {
      stdin.write('x');
    }
    assertEquals(0, holder.waitFor(TIMEOUT), () -> holder.stderr().text());
    assertEquals(List.of(), namespaces.stream().filter(ResidueTest::exists).toList());
    assertFalse(runs(sleeper));
  }

  private static boolean exists(String namespace) {
    return Files.exists(Path.of("/run/netns", namespace));
  }

  private static boolean runs(long pid) {
    return ProcessStat.ofProcess(pid).filter(process -> !process.isDead()).isPresent();
  }
}
