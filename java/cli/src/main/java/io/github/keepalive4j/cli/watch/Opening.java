package io.github.keepalive4j.cli.watch;

import io.github.keepalive4j.Standby;
import io.github.keepalive4j.cli.output.Messages;
import java.io.IOException;
import java.time.Duration;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/** Opens a standby also where no thread is to be had for a time. */
final class Opening {
  private static final Duration RETRY = Duration.ofSeconds(1);

  private final Consumer<String> trouble;
  private final BooleanSupplier isClosed;

  /**
   * Makes an opening.
   *
   * @param trouble hears why there is no standby yet
   * @param isClosed asked whether to give up
   */
  Opening(Consumer<String> trouble, BooleanSupplier isClosed) {
    this.trouble = trouble;
    this.isClosed = isClosed;
  }

  /**
   * Opens one.
   *
   * @param isFirst whether to give up at once, as with any other trouble at the start
   * @throws IOException as the attempt, or if there is no thread and this gives up
   */
  Standby open(Attempt attempt, boolean isFirst) throws IOException, InterruptedException {
    boolean told = false;
    while (true) {
      try {
        return attempt.open();
      } catch (OutOfMemoryError e) { // no thread
        if (isFirst || isClosed.getAsBoolean()) {
          throw new IOException(Messages.of(e), e);
        }
        if (!told) {
          trouble.accept(Messages.of(e));
          told = true;
        }
        Thread.sleep(RETRY.toMillis());
      }
    }
  }

  /** Opens a standby. */
  interface Attempt {
    Standby open() throws IOException, InterruptedException;
  }
}
