package io.github.keepalive4j.drivers;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.keepalive4j.drivers.client.Driver;
import io.github.keepalive4j.drivers.client.State;
import io.github.keepalive4j.support.Jdk;
import io.github.keepalive4j.support.RequiresLab;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What the caller of each driver notices when its server's host dies without a word. With {@code
 * -Dkeepalive4j.drivers.long=true} the untouched calls are watched for 60 s, and the clients run on
 * JDK 25.
 */
@RequiresLab
class DriversTest {
  private static final Path README =
      Path.of(System.getProperty("basedir", "."), "../../java/sockets/README.md");
  private static final Pattern ROW = Pattern.compile("^\\| ([^|]+) \\|.*\\|$");

  /** The budget, and time for the driver's own work on a busy machine. */
  private static final Duration LATEST = Experiment.BUDGET.plusSeconds(3);

  /**
   * Kafka's client has two connections to a broker. If the idle one dies first, it sends on the
   * other one, for which the kernel's clock then begins anew.
   */
  private static final Duration LATEST_OF_TWO = LATEST.plus(Experiment.BUDGET);

  /** What ends earlier has another cause than silence. */
  private static final Duration EARLIEST = Duration.ofSeconds(2);

  private static Experiment experiment;

  @BeforeAll
  static void carryOut(@TempDir Path folder) throws Exception {
    Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwx--x--x"));
    Path jdk = Boolean.getBoolean("keepalive4j.drivers.long") ? Jdk.home(25) : Jdk.home();
    experiment = Experiment.run(folder, jdk);
  }

  @AfterAll
  static void end() throws Exception {
    if (experiment != null) {
      experiment.close();
    }
  }

  static Stream<Arguments> calls() {
    return callsOf(Arrays.stream(Driver.values()));
  }

  static Stream<Arguments> callsWithFactory() {
    return callsOf(Arrays.stream(Driver.values()).filter(Driver::takesFactory));
  }

  private static Stream<Arguments> callsOf(Stream<Driver> drivers) {
    return drivers.flatMap(
        driver -> Arrays.stream(State.values()).map(state -> Arguments.of(driver, state)));
  }

  @ParameterizedTest
  @MethodSource("calls")
  void untouchedTheCallHangs(Driver driver, State state) {
    assertTrue(experiment.isAlive(Way.UNTOUCHED), () -> experiment.errors(Way.UNTOUCHED));
    assertEquals("", experiment.end(driver, state, Way.UNTOUCHED).map(End::how).orElse(""));
  }

  @ParameterizedTest
  @MethodSource("callsWithFactory")
  void byTheFactoryTheCallFailsWithinTheBudget(Driver driver, State state) {
    failsWithinTheBudget(driver, state, Way.FACTORY);
  }

  @ParameterizedTest
  @MethodSource("calls")
  void byTheAgentTheCallFailsWithinTheBudget(Driver driver, State state) {
    failsWithinTheBudget(driver, state, Way.AGENT);
  }

  @ParameterizedTest
  @MethodSource("calls")
  void byTheCommandTheCallFailsWithinTheBudget(Driver driver, State state) {
    failsWithinTheBudget(driver, state, Way.COMMAND);
  }

  private static void failsWithinTheBudget(Driver driver, State state, Way way) {
    End end =
        experiment
            .end(driver, state, way)
            .orElseThrow(() -> new AssertionError("it hangs\n" + experiment.errors(way)));
    String what = end.afterNs() / 1_000_000 + " ms: " + end.how();
    System.out.println(driver + " " + state + " " + way + ": " + what);
    assertTrue(end.how().contains("xception"), what);
    assertTrue(end.afterNs() > EARLIEST.toNanos(), what);
    assertTrue(end.afterNs() <= latest(driver, state).toNanos(), what);
  }

  /** A busy machine delays a single call, so the one in the middle is held to the budget itself. */
  @ParameterizedTest
  @EnumSource(value = Way.class, names = "UNTOUCHED", mode = EnumSource.Mode.EXCLUDE)
  void halfOfTheCallsFailWithinTheBudgetItself(Way way) {
    List<Long> timesNs =
        Arrays.stream(Driver.values()).flatMap(driver -> timesNs(driver, way)).sorted().toList();
    long middleNs = timesNs.get(timesNs.size() / 2);
    assertTrue(middleNs <= Experiment.BUDGET.toNanos(), () -> timesNs + " ns");
  }

  private static Stream<Long> timesNs(Driver driver, Way way) {
    return Arrays.stream(State.values())
        .flatMap(state -> experiment.end(driver, state, way).stream())
        .map(End::afterNs);
  }

  private static Duration latest(Driver driver, State state) {
    return driver == Driver.KAFKA && state == State.WAITING ? LATEST_OF_TWO : LATEST;
  }

  @Test
  void theReadmeHasARowForEachDriverThatIsTested() throws IOException {
    List<String> rows =
        Files.readAllLines(README).stream()
            .dropWhile(line -> !line.startsWith("| driver |"))
            .skip(2)
            .takeWhile(line -> line.startsWith("|"))
            .map(ROW::matcher)
            .filter(java.util.regex.Matcher::matches)
            .map(row -> row.group(1))
            .toList();
    assertEquals(Arrays.stream(Driver.values()).map(Driver::title).distinct().toList(), rows);
  }
}
