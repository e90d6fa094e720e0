package io.github.keepalive4j.cli.watch;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.github.keepalive4j.Claim;
import io.github.keepalive4j.KeepaliveServer;
import io.github.keepalive4j.cli.command.UserCommand;
import io.github.keepalive4j.cli.guard.GuardOptions;
import io.github.keepalive4j.cli.guard.Guards;
import io.github.keepalive4j.cli.output.Event;
import io.github.keepalive4j.cli.output.Output;
import io.github.keepalive4j.cli.output.OutputOptions;
import io.github.keepalive4j.cli.qemu.Machine;
import io.github.keepalive4j.cli.values.HostAndPort;
import io.github.keepalive4j.support.Background;
import io.github.keepalive4j.support.Eventually;
import io.github.keepalive4j.support.UnusedAddress;
import io.github.keepalive4j.testkit.event.TestClaim;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What a takeover has started ends, whatever goes wrong meanwhile. */
@Timeout(60)
class TakeoverActionsTest {
  @TempDir Path folder;

  /** It runs, and its stop fails in a way that nobody has foreseen. */
  private static final class BrokenMachine implements Machine {
    @Override
    public boolean run(String source, BooleanSupplier mayAct) {
      return mayAct.getAsBoolean();
    }

    @Override
    public void stop(String source, Duration timeout) {
      throw new IllegalStateException("broken");
    }
  }

  private static boolean isServed(int port) {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      return socket.isConnected();
    } catch (IOException e) {
      return false;
    }
  }

  private static Occasion occasion(Claim claim) {
    return new Occasion(
        "source", Optional.of(claim), () -> Event.warning("source", "taken over"), Map::of);
  }

  @Test
  void aMachineWhoseStopThrowsKeepsNothingElseRunning() throws Exception {
    int port = UnusedAddress.find().getPort();
    Path pid = folder.resolve("pid");
    HostAndPort address = new HostAndPort.Converter().convert("127.0.0.1:" + port);
    try (Output output = new OutputOptions().openToNowhere();
        Guards guards = new GuardOptions().open(output);
        UserCommand command = new UserCommand("echo $$ > " + pid + "; exec sleep 100", false)) {
      TestClaim claim = TestClaim.withToken(7);
      TakeoverActions actions =
          new TakeoverActions(
              output,
              new BrokenMachine(),
              command,
              new Advertisement(address, KeepaliveServer.builder(), guards, output));
      Background<Boolean> takeover = Background.start(() -> actions.begin(occasion(claim)));
      Eventually.await("the command", () -> Files.exists(pid) && Files.size(pid) > 0);
      Eventually.await("the listener", () -> isServed(port));
      ProcessHandle process =
          ProcessHandle.of(Long.parseLong(Files.readString(pid).strip())).orElseThrow();
      assertThrows(IllegalStateException.class, actions::stop);
      assertFalse(process.isAlive());
      assertFalse(isServed(port));
      assertFalse(takeover.get());
    }
  }
}
