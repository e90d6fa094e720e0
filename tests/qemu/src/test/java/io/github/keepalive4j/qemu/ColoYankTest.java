package io.github.keepalive4j.qemu;

import static io.github.keepalive4j.qemu.FakeQemu.error;
import static io.github.keepalive4j.qemu.FakeQemu.name;
import static io.github.keepalive4j.qemu.FakeQemu.success;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.keepalive4j.qemu.TakeoverStep.Outcome;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which connections a primary breaks before it leaves COLO, and what it does if QEMU hangs. */
@Timeout(30)
class ColoYankTest {

  private static final Duration LIMIT = Duration.ofSeconds(10);
  private static final Duration SHORT = Duration.ofMillis(900);
  private static final String YANKABLE =
      success(
          json(
              "[{'type': 'chardev', 'id': 'compat_monitor0'}, {'type': 'chardev', 'id': 'mirror'},"
                  + " {'type': 'chardev', 'id': 'local'}, {'type': 'chardev', 'id': 'mirror0'},"
                  + " {'type': 'block-node', 'node-name': '#block7'},"
                  + " {'type': 'block-node', 'node-name': '#block8'}, {'type': 'migration'}]"));

  private boolean left;

  private static String json(String text) {
    return text.replace('\'', '"');
  }

  /** The block nodes of a primary: the replication's NBD client, and a CD from another host. */
  private static String nodes(String options, String client) {
    String replication = "json:" + json(options).replace("\"", "\\\"");
    return success(
        json(
            "[{'node-name': 'replication0', 'drv': 'replication', 'file': '"
                + replication
                + "'}, {'node-name': '#block7', 'drv': 'nbd', 'file': '"
                + client
                + "'}, {'node-name': '#block8', 'drv': 'nbd', 'file': 'nbd://198.18.9.9:10809/cd'},"
                + " {'node-name': '#block9', 'drv': 'file', 'file': '/198.18.0.2'}]"));
  }

  private static String chardevs(String host) {
    return success(
        json("[{'label': 'compat_monitor0', 'filename': 'unix:/run/vm.qmp,server=on'},"
                + " {'label': 'mirror', 'filename': 'tcp:198.18.0.1:9003,server=on <-> HOST:4711'},"
                + " {'label': 'local', 'filename': 'tcp:127.0.0.1:48400 <-> 127.0.0.1:9001'}]")
            .replace("HOST", host));
  }

  private String answer(JsonNode command, String nodes, String chardevs) {
    return switch (name(command)) {
      case "query-colo-status" -> success(colo());
      case "query-status" -> success(json("{'status': 'running', 'running': true}"));
      case "query-yank" -> YANKABLE;
      case "query-named-block-nodes" -> nodes;
      case "query-chardev" -> chardevs;
      case "x-colo-lost-heartbeat" -> {
        left = true;
        yield success("{}");
      }
      default -> success("{}");
    };
  }

  private String colo() {
    return json(
        left
            ? "{'mode': 'none', 'last-mode': 'primary', 'reason': 'request'}"
            : "{'mode': 'primary', 'last-mode': 'none', 'reason': 'none'}");
  }

  private static List<String> yanked(FakeQemu qemu) {
    return qemu.commands().stream()
        .filter(command -> command.path("exec-oob").asText().equals("yank"))
        .map(command -> command.at("/arguments/instances"))
        .peek(instances -> assertEquals(1, instances.size()))
        .map(instances -> instances.get(0))
        .map(instance -> instance.path("id").asText(instance.path("node-name").asText()))
        .toList();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{'driver': 'replication', 'file': {'driver': 'nbd', 'host': '198.18.0.2'}}"
            + "| nbd://198.18.0.2:9999/parent0 | 198.18.0.2",
        "{'driver': 'replication', 'file': {'driver': 'nbd', 'server.host': '198.18.0.2'}}"
            + "| nbd://198.18.0.2:9999 | 198.18.0.2",
        "{'driver': 'replication', 'file': {'driver': 'nbd', 'server': {'host': 'fd00::2'}}}"
            + "| nbd://fd00::2:9999/parent0 | [fd00::2]",
        "{'driver': 'replication', 'file': {'driver': 'nbd', 'server': {'host': 'fd00::2'}}}"
            + "| nbd://[fd00::2]:9999/parent0 | [fd00::2]",
        "{'driver': 'replication', 'file': {'driver': 'nbd', 'server.path': '/run/nbd'}}"
            + "| nbd+unix:///parent0?socket=/run/nbd | /run/nbd",
      })
  void breaksWhatLeadsToTheSecondary(String options, String client, String host) throws Exception {
    try (FakeQemu qemu =
            FakeQemu.answering(command -> answer(command, nodes(options, client), chardevs(host)));
        QmpClient connection = QmpClient.connect(qemu.address())) {
      ColoPrimaryAction.builder().removeChild("disk", "children.1").build().run(connection, LIMIT);
      assertEquals(List.of("#block7", "mirror"), yanked(qemu));
      List<String> names = qemu.commands().stream().map(FakeQemu::name).toList();
      assertTrue(names.lastIndexOf("yank") < names.indexOf("x-blockdev-change"), names::toString);
      assertEquals("query-yank", qemu.commands().get(1).path("exec-oob").asText());
    }
  }

  @Test
  void breaksOnlyWhatIsNamedWithoutAReplication() throws Exception {
    try (FakeQemu qemu =
            FakeQemu.answering(
                command -> answer(command, success("[]"), error("GenericError", "not asked")));
        QmpClient connection = QmpClient.connect(qemu.address())) {
      ColoPrimaryAction.defaults().run(connection, LIMIT);
      assertEquals(List.of("mirror0", "compare1"), yanked(qemu));
    }
  }

  @Test
  void leavesColoOnAQemuThatDoesNotKnowYank() throws Exception {
    try (FakeQemu qemu =
            FakeQemu.answering(
                command ->
                    name(command).endsWith("yank")
                        ? error("CommandNotFound", "The command query-yank has not been found")
                        : answer(command, success("[]"), success("[]")));
        QmpClient connection = QmpClient.connect(qemu.address())) {
      Takeover takeover = ColoPrimaryAction.defaults().run(connection, LIMIT);
      assertEquals(Outcome.REFUSED, takeover.steps().get(1).outcome());
    }
  }

  /** A QEMU that answers out of band only, until its NBD clients and its mirror are yanked. */
  private FakeQemu hanging(String yankable) throws IOException {
    return FakeQemu.onTcp(
        connection -> {
          connection.negotiate();
          List<JsonNode> waiting = new ArrayList<>();
          int yanks = 0;
          while (true) {
            JsonNode command = connection.command();
            if (command.has("exec-oob")) {
              boolean query = name(command).equals("query-yank");
              connection.answer(command, any -> query ? yankable : success("{}"));
              yanks += query ? 0 : 1;
            } else {
              waiting.add(command);
            }
            while (yanks >= 3 && !waiting.isEmpty()) {
              connection.answer(
                  waiting.remove(0), late -> answer(late, success("[]"), success("[]")));
            }
          }
        });
  }

  @Test
  void freesAMainLoopThatHangsAlready() throws Exception {
    try (FakeQemu qemu = hanging(YANKABLE);
        QmpClient connection = QmpClient.connect(qemu.address())) {
      Takeover takeover = ColoPrimaryAction.defaults().run(connection, LIMIT);
      assertEquals(List.of("#block7", "#block8", "mirror0"), yanked(qemu).subList(0, 3));
      assertEquals(1, yanked(qemu).stream().filter("mirror0"::equals).count());
      assertTrue(takeover.took().compareTo(Duration.ofSeconds(5)) < 0, takeover.toString());
    }
  }

  @Test
  void doesNotTouchAHangingMachineThatCannotBeInColo() throws Exception {
    String noMigration = success(json("[{'type': 'block-node', 'node-name': '#block8'}]"));
    try (FakeQemu qemu = hanging(noMigration);
        QmpClient connection = QmpClient.connect(qemu.address())) {
      TakeoverException e =
          assertThrows(
              TakeoverException.class, () -> ColoPrimaryAction.defaults().run(connection, SHORT));
      assertEquals(List.of(), yanked(qemu));
      assertTrue(qemu.count("query-yank") > 0, e.steps()::toString);
    }
  }
}
