package io.github.keepalive4j.zookeeper;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import org.apache.zookeeper.data.Stat;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests the data of a source's record, also with blanks and line ends in a holder's name. */
class ClaimRecordTest {
  private static final Holder HOLDER = new Holder("rack 7 17\nleft", Holder.Role.SOURCE);

  private final Stat stat = new Stat();

  @BeforeEach
  void writeOnce() {
    stat.setVersion(3);
    stat.setMzxid(20);
    stat.setCzxid(5);
  }

  private ClaimRecord parse(String data) {
    return ClaimRecord.of(stat, data.getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void anEmptyRecordNamesNobody() {
    assertEquals(new ClaimRecord(3, 20, "", Holder.NONE, false, 5, 0), parse(""));
  }

  @Test
  void beforeTheHolderBeginsTheTokenIsTheLastWrite() {
    assertEquals(
        new ClaimRecord(3, 20, "claim-1", HOLDER, false, 5, 0),
        ClaimRecord.of(stat, ClaimRecord.encode("claim-1", 0, HOLDER)));
  }

  @Test
  void theTokenStaysOnceTheHolderHasBegun() {
    assertEquals(
        new ClaimRecord(3, 17, "claim-1", HOLDER, true, 5, 0),
        ClaimRecord.of(stat, ClaimRecord.encodeBegun("claim-1", 0, 17, HOLDER)));
  }

  /** A rebuilt ensemble may make the record at the same zxid. */
  @Test
  void aTokenThatWentBackOrARaisedBaseTellsThatTheRecordWasMadeAnew() {
    ClaimRecord earlier = new ClaimRecord(3, 20, "claim-1", HOLDER, true, 5, 0);
    assertFalse(new ClaimRecord(3, 21, "claim-2", HOLDER, true, 5, 0).isRemadeSince(earlier));
    assertTrue(new ClaimRecord(3, 19, "claim-2", HOLDER, true, 5, 0).isRemadeSince(earlier));
    assertTrue(new ClaimRecord(3, 40, "claim-2", HOLDER, true, 5, 20).isRemadeSince(earlier));
    Holder backup = new Holder("b", Holder.Role.BACKUP);
    assertFalse(new ClaimRecord(3, 40, "claim-2", backup, true, 5, 20).isRemadeSince(earlier));
  }

  @Test
  void theTokenOfARecordWithABaseIsAboveIt() {
    assertEquals(
        new ClaimRecord(3, 120, "claim-1", HOLDER, false, 5, 100),
        ClaimRecord.of(stat, ClaimRecord.encode("claim-1", 100, HOLDER)));
    assertEquals(
        new ClaimRecord(3, 117, "claim-1", HOLDER, true, 5, 100),
        ClaimRecord.of(stat, ClaimRecord.encodeBegun("claim-1", 100, 117, HOLDER)));
  }

  /** The data alone was copied, so this ensemble has not counted to the token yet. */
  @Test
  void theTokenAfterThatOfACopiedRecordIsGreater() {
    ClaimRecord copied = parse("claim-1 500 role=source\nsource");
    assertEquals(500, copied.token());
    try (TokenFloor floor = new TokenFloor(FloorFile.NONE)) {
      floor.raise(copied.token()); // as each read does
      long nextZxid = stat.getMzxid() + 1;
      assertTrue(floor.baseAbove(copied) + nextZxid > copied.token());
    }
    ClaimRecord tooFar = parse("claim-1 " + Long.MAX_VALUE + " role=source\nsource");
    try (TokenFloor floor = new TokenFloor(FloorFile.NONE)) {
      assertThrows(UnusableRecordException.class, () -> floor.baseAbove(tooFar));
    }
  }

  @ParameterizedTest
  @EnumSource(Holder.Role.class)
  void aRecordSaysWhatItsHolderIs(Holder.Role role) {
    Holder holder = HOLDER.as(role);
    assertEquals(holder, ClaimRecord.of(stat, ClaimRecord.encode("claim-1", 0, holder)).holder());
  }

  @Test
  void aRecordKeepsWhetherASourceHasClaimed() {
    Holder backup = new Holder("b", Holder.Role.BACKUP);
    Holder next = new Holder("c", Holder.Role.BACKUP);
    assertFalse(reread(backup).sourceClaims());
    assertFalse(reread(next.after(backup)).sourceClaims());
    assertTrue(reread(next.after(reread(backup.after(HOLDER)))).sourceClaims());
  }

  @Test
  void aRecordSaysWhereABackupThatTookOverServes() {
    Holder backup = new Holder("b", Holder.Role.BACKUP).at("[2001:db8::1]:9999");
    assertEquals(backup, reread(backup));
    assertTrue(reread(backup).isAt("[2001:db8::1]:9999"));
    assertFalse(reread(backup).isAt(""));
    assertFalse(new Holder("b", Holder.Role.BACKUP).isAt(""));
  }

  private Holder reread(Holder holder) {
    return ClaimRecord.of(stat, ClaimRecord.encode("claim-1", 0, holder)).holder();
  }

  @Test
  void aRecordOfAnEarlierVersionDoesNotSayWhatItsHolderIs() {
    Holder holder = new Holder(HOLDER.name(), Holder.Role.UNKNOWN);
    assertEquals(
        new ClaimRecord(3, 20, "claim-1", holder, false, 5, 0), parse("claim-1\n" + holder.name()));
    assertEquals(
        new ClaimRecord(3, 17, "claim-1", holder, true, 5, 0),
        parse("claim-1 17\n" + holder.name()));
  }

  @Test
  void aRecordOfALaterVersionMayHaveMore() {
    assertEquals(
        new ClaimRecord(3, 17, "claim-1", HOLDER, true, 5, 0),
        parse("claim-1 17 zone=a%20b role=source empty=\n" + HOLDER.name()));
    assertEquals(Holder.Role.UNKNOWN, parse("claim-1 role=witness\nx").holder().role());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "claim-1",
        "\nx",
        " 17\nx",
        "../vm2\nx",
        "claim-1 \nx",
        "claim-1 0\nx",
        "claim-1 -1\nx",
        "claim-1 99999999999999999999\nx",
        "claim-1 17 more\nx",
        "claim-1 17 role=%zz\nx",
        "claim-1 17 base=-1\nx",
        "claim-1 17 base=9223372036854775807\nx",
        "claim-1 17 base=\nx"
      })
  void otherDataIsMalformed(String data) {
    assertThrows(UnusableRecordException.class, () -> parse(data));
  }
}
