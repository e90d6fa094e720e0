package io.github.keepalive4j.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.keepalive4j.support.ChildJvm;
import io.github.keepalive4j.support.Eventually;
import io.github.keepalive4j.support.Jdk;
import io.github.keepalive4j.support.Needs;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The trust options of serve and watch. */
class TrustTest {
  private static final String SECRET = "open sesame";

  @TempDir Path folder;

  private static Sources.Listening serve(String... options) throws Exception {
    List<String> arguments =
        new ArrayList<>(List.of("serve", "--bind", "127.0.0.1", "--port", "0", "--json"));
    arguments.addAll(List.of(options));
    return Sources.listening(Keepalive.run(arguments.toArray(String[]::new)));
  }

  private static Keepalive watch(Sources.Listening source, String... options) throws Exception {
    List<String> arguments =
        new ArrayList<>(List.of("watch", source.address(), "--json", "--connect-timeout", "300ms"));
    arguments.addAll(List.of(options));
    return Keepalive.run(arguments.toArray(String[]::new));
  }

  private String keyFile(String name, String key) throws Exception {
    return Files.writeString(folder.resolve(name), key + "\n").toString();
  }

  private static void assertSilent(Keepalive backup) throws Exception {
    assertEquals(1, backup.awaitEnd(), backup::output);
    String told = backup.stderr().text();
    assertTrue(told.contains("no answer within 300 ms"), backup::output);
    assertFalse(told.contains("sesame"), told);
  }

  @Test
  void aBackupWithTheKeyFailsOver() throws Exception {
    String right = keyFile("right", SECRET);
    try (Keepalive serve =
        Keepalive.run(
            "serve", "--bind", "127.0.0.1", "--port", "0", "--json", "--md5-key-file", right)) {
      if (serve.stdout().await(line -> true, Duration.ofSeconds(60)).isEmpty()) {
        assertEquals(1, serve.awaitEnd(), serve::output);
        assertTrue(serve.stderr().text().contains("CONFIG_TCP_MD5SIG"), serve::output);
        Needs.lack(serve.stderr().text());
      }
      Sources.Listening source = Sources.listening(serve);
      try (Keepalive wrong = watch(source, "--md5-key-file", keyFile("wrong", "open barley"));
          Keepalive none = watch(source);
          Keepalive backup = watch(source, "--md5-key-file", right)) {
        assertTrue(backup.awaitEvent("up").text("options").contains("md5Key=Md5Key[hidden]"));
        assertSilent(wrong);
        assertSilent(none);
        serve.kill();
        assertEquals(0, backup.awaitEnd(), backup::output);
        assertEquals(List.of("up", "failover"), backup.eventTypes());
        assertFalse((backup.output() + serve.output()).contains("sesame"));
      }
    }
  }

  @Test
  void singleHopWorksWhenBothEndsSetIt() throws Exception {
    try (Sources.Listening source = serve("--single-hop");
        Keepalive far = watch(source);
        Keepalive near = watch(source, "--single-hop")) {
      assertTrue(near.awaitEvent("up").text("options").contains("singleHop=true"));
      assertSilent(far);
      source.process().kill();
      assertEquals(0, near.awaitEnd(), near::output);
      assertEquals(List.of("up", "failover"), near.eventTypes());
    }
  }

  @Test
  void aBackupFromAnotherNetworkIsRefusedAndDoesNotFailOver() throws Exception {
    Path ran = folder.resolve("ran");
    try (Sources.Listening source = serve("--allow", "192.0.2.0/24,::1", "--allow", "127.0.0.2");
        Keepalive backup = watch(source, "--on-failover", "touch " + ran)) {
      EventLine refused = source.process().awaitEvent("refused");
      assertTrue(refused.text("peer").startsWith("127.0.0.1:"), source.process()::output);
      assertEquals("NOT_ALLOWED", refused.text("refusal"));
      assertEquals(1, refused.number("refusals"));
      assertEquals(0, backup.awaitEnd(), backup::output);
      assertEquals("LEFT", backup.awaitEvent("closed").text("cause"));
      assertFalse(Files.exists(ran));
    }
  }

  @Test
  void refusalsAreReportedOnceASecond() throws Exception {
    try (Sources.Listening source = serve("--allow", "192.0.2.0/24")) {
      Eventually.await(
          "three reports",
          Duration.ofSeconds(20),
          () -> {
            assertRefused(source.port(), "127.0.0.1");
            return source.process().events("refused").size() >= 3;
          });
      List<EventLine> reports = source.process().events("refused");
      for (int i = 1; i < reports.size(); i++) {
        double gapS =
            (reports.get(i).number("monotonicNs") - reports.get(i - 1).number("monotonicNs")) / 1e9;
        assertTrue(gapS > 0.5 && gapS < 5, gapS + " s");
      }
      assertTrue(reports.get(2).number("refusals") > 10, source.process()::output);
    }
  }

  private static void assertRefused(int port, String from) throws Exception {
    try (Socket backup = connect(port, from)) {
      assertEquals('G', backup.getInputStream().read());
      assertEquals(-1, backup.getInputStream().read());
    }
  }

  private static Socket connect(int port, String from) throws Exception {
    Socket backup =
        new Socket(InetAddress.getLoopbackAddress(), port, InetAddress.getByName(from), 0);
    backup.setSoTimeout(10_000);
    return backup;
  }

  @Test
  void byDefault10000MayConnectAnd1024OfThemFromOneAddress() throws Exception {
    try (Sources.Listening source = serve();
        ChildJvm backups =
            ChildJvm.start(
                ManyBackupsProgram.class, "-D" + ManyBackupsProgram.PORT + "=" + source.port())) {
      int connected = 0;
      for (int address = 1; connected < 10_000; address++) {
        String from = "127.0.1." + address;
        int more = Math.min(1_024, 10_000 - connected);
        connected += more;
        assertEquals(Integer.toString(connected), backups.ask(from + " " + more));
        source.process().awaitEvent("connected", connected);
        assertRefused(source.port(), from);
      }
      assertRefused(source.port(), "127.0.2.1");
      assertEquals(
          "TOO_MANY_FROM_ADDRESS", source.process().events("refused").get(0).text("refusal"));
      assertEquals(10_000, source.process().events("connected").size());
    }
  }

  @Test
  void aBackupBeyondTheLimitIsRefused() throws Exception {
    for (String option : List.of("--max-connections", "--max-connections-per-address")) {
      try (Sources.Listening source = serve(option, "1");
          Keepalive first = watch(source)) {
        source.process().awaitEvent("connected");
        first.awaitEvent("up");
        try (Keepalive second = watch(source)) {
          assertEquals(
              option.endsWith("address") ? "TOO_MANY_FROM_ADDRESS" : "TOO_MANY",
              source.process().awaitEvent("refused").text("refusal"));
          assertEquals("LEFT", second.awaitEvent("closed").text("cause"));
          assertEquals(List.of("up"), first.eventTypes());
        }
      }
    }
  }

  @Test
  void theJdkTransportRejectsTrustOptions() throws Exception {
    String key = keyFile("key", SECRET);
    for (String[] options : new String[][] {{"--single-hop"}, {"--md5-key-file", key}}) {
      for (String[] command : new String[][] {{"serve"}, {"watch", "127.0.0.1:1"}}) {
        List<String> arguments = new ArrayList<>(List.of(command));
        arguments.addAll(List.of(options));
        try (Keepalive refused =
            Keepalive.start(
                Jdk.java(),
                List.of("-Dkeepalive4j.transport=jdk"),
                arguments.toArray(String[]::new))) {
          assertEquals(2, refused.awaitEnd(), refused::output);
          assertEquals(
              options[0] + ": the JDK transport can't honour it; use the native transport",
              refused.stderr().all().get(0).replaceFirst("^.*?(?=--)", ""));
          assertEquals(1, refused.stderr().all().size(), refused::output);
        }
      }
    }
  }
}
