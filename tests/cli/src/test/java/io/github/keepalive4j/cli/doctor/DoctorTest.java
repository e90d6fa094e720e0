package io.github.keepalive4j.cli.doctor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.keepalive4j.KeepaliveOptions;
import io.github.keepalive4j.cli.Keepalive;
import io.github.keepalive4j.support.Jdk;
import io.github.keepalive4j.support.Needs;
import io.github.keepalive4j.testkit.Lab;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** What this machine can do. */
class DoctorTest {
  @Test
  void itSetsEveryOptionAndReadsItBack() throws Exception {
    try (Keepalive doctor = Keepalive.run("doctor")) {
      assertEquals(0, doctor.awaitEnd(), doctor::output);
      assertEquals("", doctor.stderr().text());
      requireLines(
          doctor,
          "kernel                  Linux " + Pattern.quote(System.getProperty("os.version")),
          "shim                    loaded",
          "transport               native",
          "options                 trial values, set on a loopback link and read back",
          "  TCP_KEEPIDLE          set 7 s, read back 7 s: ok",
          "  TCP_KEEPINTVL         set 3 s, read back 3 s: ok",
          "  TCP_KEEPCNT           set 4, read back 4: ok",
          "  TCP_USER_TIMEOUT      set 1234 ms, read back 1234 ms: ok",
          "  TCP_SYNCNT            set 2, read back 2: ok",
          "  TCP_NODELAY           set true, read back true: ok",
          "  SO_BINDTODEVICE       set lo, read back lo: ok",
          "  SO_MARK               set 5, "
              + (Lab.unavailabilityCause().isEmpty()
                  ? "read back 5: ok"
                  : "not permitted to this user: .*SO_MARK: EPERM.*"),
          "  source address        set 127\\.0\\.0\\.1, read back 127\\.0\\.0\\.1: ok",
          "  IP_MINTTL             set 255, read back 255: ok",
          "  TCP_MD5SIG            set a key, which no program can read back; both ends connected: ok",
          "open files              " + openFiles(),
          "detection               6750 ms",
          "  by                    .*idle=1s.*count=5.*",
          "fastest detection       " + KeepaliveOptions.smallestBudget().toMillis() + " ms",
          "  by                    .*userTimeout=.*probeInterval=.*probeDeadline=.*");
    }
  }

  /** The JVM raises the soft limit, in each process alike. */
  private static String openFiles() throws Exception {
    for (String line : Files.readAllLines(Path.of("/proc/self/limits"))) {
      if (line.startsWith("Max open files ")) {
        String[] columns = line.split(" {2,}", -1);
        return columns[1] + " \\(hard limit " + columns[2] + "\\)";
      }
    }
    throw new AssertionError("no limit of open files");
  }

  @Test
  void itShowsTheSystemsDefaultsAsTheKernelHasThem() throws Exception {
    requireDefaultsOfTheKernel(List.of());
  }

  /** The values are unusual ones, in a network namespace of their own. */
  @Test
  void itShowsTheSystemsDefaultsThatAnAdministratorHasSet() throws Exception {
    Needs.lab();
    requireDefaultsOfTheKernel(
        List.of(
            "unshare",
            "--net",
            "sh",
            "-ec",
            """
            ip link set lo up
            cd /proc/sys/net/ipv4
            echo 1234 > tcp_keepalive_time
            echo 56 > tcp_keepalive_intvl
            echo 78 > tcp_keepalive_probes
            exec "$0" "$@"
            """));
  }

  private static void requireDefaultsOfTheKernel(List<String> place) throws Exception {
    List<String> doctorThere = new ArrayList<>(place);
    doctorThere.addAll(Keepalive.command("doctor"));
    try (Keepalive doctor = Keepalive.start(doctorThere)) {
      assertEquals(0, doctor.awaitEnd(), doctor::output);
      requireLines(
          doctor,
          "  tcp_keepalive_time    " + cat(place, "time") + " s",
          "  tcp_keepalive_intvl   " + cat(place, "intvl") + " s",
          "  tcp_keepalive_probes  " + cat(place, "probes"));
    }
  }

  private static String cat(List<String> place, String setting) throws Exception {
    List<String> command = new ArrayList<>(place);
    command.addAll(List.of("cat", "/proc/sys/net/ipv4/tcp_keepalive_" + setting));
    try (Keepalive cat = Keepalive.start(command)) {
      assertEquals(0, cat.awaitEnd(), cat::output);
      return cat.stdout().text().strip();
    }
  }

  @Test
  void itSaysWhichOptionsTheUserMayNotSet() throws Exception {
    Needs.program("setpriv");
    List<String> command =
        new ArrayList<>(List.of("setpriv", "--bounding-set", "-all", "--inh-caps", "-all"));
    command.addAll(Keepalive.command("doctor"));
    try (Keepalive doctor = Keepalive.start(command)) {
      assertEquals(0, doctor.awaitEnd(), doctor::output);
      requireLines(
          doctor, "  SO_MARK               set 5, not permitted to this user: .*SO_MARK: EPERM.*");
    }
  }

  private static void requireLines(Keepalive doctor, String... patterns) {
    for (String pattern : patterns) {
      assertTrue(
          doctor.stdout().all().stream().anyMatch(got -> got.matches(pattern)),
          () -> "no " + pattern + ": " + doctor.output());
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
      assertEquals(1, doctor.stderr().all().size(), doctor::output);
      assertTrue(
          doctor.stdout().text().contains("not loaded: tried the file /nope"), doctor::output);
      requireLines(
          doctor,
          "transport               jdk",
          "  TCP_KEEPIDLE          set 7 s, read back 7 s: ok",
          "  TCP_USER_TIMEOUT      failed: set 1234 ms, the JDK transport can't honour .*");
    }
  }
}
