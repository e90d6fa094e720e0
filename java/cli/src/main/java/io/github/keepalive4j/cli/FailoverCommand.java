package io.github.keepalive4j.cli;

import io.github.keepalive4j.Failure;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

/** What the user has run when the source is gone. */
final class FailoverCommand {
  private final List<String> arguments;

  /**
   * Makes the command.
   *
   * @param command for {@code sh -c}
   * @param outputToStandardError keeps standard output for the events
   */
  FailoverCommand(String command, boolean outputToStandardError) {
    arguments =
        outputToStandardError
            ? List.of("sh", "-c", "exec sh -c \"$0\" >&2", command)
            : List.of("sh", "-c", command);
  }

  Process start(Failure failure) throws IOException {
    ProcessBuilder builder = new ProcessBuilder(arguments).inheritIO();
    Map<String, String> environment = builder.environment();
    environment.put("KEEPALIVE_PEER", AddressText.of(failure.peer()));
    environment.put("KEEPALIVE_CAUSE", failure.cause().name());
    environment.put("KEEPALIVE_ERRNO", failure.errnoName().orElse(""));
    OptionalLong lastHeardMs = Event.lastHeardMs(failure);
    environment.put(
        "KEEPALIVE_LAST_HEARD_MS",
        lastHeardMs.isPresent() ? Long.toString(lastHeardMs.getAsLong()) : "");
    return builder.start();
  }
}
