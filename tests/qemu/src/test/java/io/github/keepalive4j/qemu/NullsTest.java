package io.github.keepalive4j.qemu;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.keepalive4j.support.NullArguments;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** No method takes null, except where a parameter says so. */
class NullsTest {
  @TempDir Path directory;

  @Test
  void eachErrorNamesTheParameter() throws Exception {
    SocketAddress nobody = UnixDomainSocketAddress.of(directory.resolve("nobody"));
    try (FakeQemu qemu = FakeQemu.answering(command -> FakeQemu.success("{}"));
        QmpClient client = QmpClient.connect(qemu.address());
        QmpSession session = QmpSession.open(nobody)) {
      NullArguments calls =
          new NullArguments()
              .with(SocketAddress.class, () -> nobody)
              .with(QmpClient.class, () -> client)
              .with(QmpSession.class, () -> session)
              .with(ColoPrimaryAction.class, ColoPrimaryAction::defaults)
              .with(ColoPrimaryAction.Builder.class, ColoPrimaryAction::builder)
              .with(ColoSecondaryAction.class, ColoSecondaryAction::new)
              .with(ContAction.class, ContAction::new)
              .with(QmpCommand.class, () -> QmpCommand.of("query-status"))
              .with(QmpOptions.class, QmpOptions::defaults)
              .with(QmpOptions.Builder.class, QmpOptions::builder)
              .with(QmpSessionOptions.class, QmpSessionOptions::defaults)
              .with(QmpSessionOptions.Builder.class, QmpSessionOptions::builder)
              .with(QmpValue.class, () -> QmpValue.of("value"))
              .with(TakeoverStep.class, NullsTest::step);
      assertEquals("", String.join("\n", calls.violationsBeside(QmpClient.class)));
    }
  }

  private static TakeoverStep step() {
    return new TakeoverStep("cont", 0, Duration.ZERO, TakeoverStep.Outcome.DONE, "");
  }
}
