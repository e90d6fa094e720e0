package io.github.keepalive4j.zookeeper;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.apache.zookeeper.data.Stat;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What the record of a source says, whatever its holders are called. */
class ReignTest {
  private static final String HOLDER = "rack 7 17\nleft";

  private final Stat stat = new Stat();

  @BeforeEach
  void writeOnce() {
    stat.setVersion(3);
    stat.setMzxid(20);
  }

  @Test
  void nobodyReigns() {
    assertEquals(new Reign(3, 20, "", "", false), Reign.of(stat, new byte[0]));
  }

  @Test
  void theTokenOfWhoHasNotBegunIsTheWriting() {
    assertEquals(
        new Reign(3, 20, "claim-1", HOLDER, false),
        Reign.of(stat, Reign.encode("claim-1", HOLDER)));
  }

  @Test
  void theTokenOfWhoHasBegunStays() {
    assertEquals(
        new Reign(3, 17, "claim-1", HOLDER, true),
        Reign.of(stat, Reign.encodeBegun("claim-1", 17, HOLDER)));
  }
}
