package io.github.keepalive4j.zookeeper;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.apache.zookeeper.data.Stat;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Tests the data of a source's record, also with blanks and line ends in a holder's name. */
class ClaimRecordTest {
  private static final String HOLDER = "rack 7 17\nleft";

  private final Stat stat = new Stat();

  @BeforeEach
  void writeOnce() {
    stat.setVersion(3);
    stat.setMzxid(20);
  }

  @Test
  void anEmptyRecordNamesNobody() {
    assertEquals(new ClaimRecord(3, 20, "", "", false), ClaimRecord.of(stat, new byte[0]));
  }

  @Test
  void beforeTheHolderBeginsTheTokenIsTheLastWrite() {
    assertEquals(
        new ClaimRecord(3, 20, "claim-1", HOLDER, false),
        ClaimRecord.of(stat, ClaimRecord.encode("claim-1", HOLDER)));
  }

  @Test
  void theTokenStaysOnceTheHolderHasBegun() {
    assertEquals(
        new ClaimRecord(3, 17, "claim-1", HOLDER, true),
        ClaimRecord.of(stat, ClaimRecord.encodeBegun("claim-1", 17, HOLDER)));
  }
}
