package io.github.keepalive4j.cli.doctor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.keepalive4j.cli.Keepalive;
import io.github.keepalive4j.support.Jdk;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What this machine can do. */
class DoctorTest {
  @Test
  void itReadsEveryOptionBack() throws Exception {
    try (Keepalive doctor = Keepalive.run("doctor")) {
      assertEquals(0, doctor.awaitEnd(), doctor::output);
      assertEquals("", doctor.stderr().text());
      for (String line :
          List.of(
              "kernel                  Linux \\d+\\.\\d+.*",
              "shim                    loaded",
              "transport               native",
              "  TCP_KEEPIDLE          7 s",
              "  TCP_KEEPINTVL         3 s",
              "  TCP_KEEPCNT           4",
              "  TCP_USER_TIMEOUT      1234 ms",
              "  TCP_SYNCNT            2",
              "  TCP_NODELAY           true",
              "  SO_BINDTODEVICE       lo",
              "  SO_MARK               (5|.*EPERM.*)",
              "  source address        127\\.0\\.0\\.1",
              "  IP_MINTTL             255",
              "  TCP_MD5SIG            connected with a key",
              "open files              \\d+ \\(hard limit \\d+\\)",
              "  tcp_keepalive_time    \\d+ s",
              "  tcp_keepalive_intvl   \\d+ s",
              "  tcp_keepalive_probes  \\d+",
              "detection               6750 ms",
              "  by                    .*idle=1s.*count=5.*",
              "fastest detection       \\d+ ms",
              "  by                    .*userTimeout=.*probeInterval=.*probeDeadline=.*")) {
        assertTrue(
            doctor.stdout().all().stream().anyMatch(got -> got.matches(line)),
            () -> "no " + line + ": " + doctor.output());
      }
    }
  }

  @Test
  void itTellsWhatABudgetIsSolvedInto() throws Exception {
    try (Keepalive doctor =
        Keepalive.run("doctor", "--detect-within", "100ms", "--liveness", "process")) {
      assertEquals(0, doctor.awaitEnd(), doctor::output);
      List<String> lines = doctor.stdout().all();
      int detection =
          lines.indexOf(
              lines.stream()
                  .filter(line -> line.startsWith("detection"))
                  .findFirst()
                  .orElseThrow());
      assertTrue(lines.get(detection).matches("detection +(9\\d|100) ms"), doctor::output);
      String by = lines.get(detection + 1);
      assertTrue(by.matches("  by .*probeInterval=.*liveness=PROCESS.*"), doctor::output);
    }
  }

  @Test
  void itSaysWhyTheShimIsNotLoaded() throws Exception {
    try (Keepalive doctor =
        Keepalive.start(Jdk.java(), List.of("-Dkeepalive4j.library=/nope"), "doctor")) {
      assertEquals(1, doctor.awaitEnd(), doctor::output);
      assertEquals("", doctor.stderr().text());
      assertTrue(
          doctor.stdout().text().contains("not loaded: tried the file /nope"), doctor::output);
      assertTrue(doctor.stdout().text().contains("transport               jdk"), doctor::output);
    }
  }
}
