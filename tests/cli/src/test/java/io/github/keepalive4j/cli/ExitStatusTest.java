package io.github.keepalive4j.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.sun.jdi.Bootstrap;
import com.sun.jdi.Location;
import com.sun.jdi.Method;
import com.sun.jdi.StackFrame;
import com.sun.jdi.ThreadReference;
import com.sun.jdi.VirtualMachine;
import com.sun.jdi.connect.Connector;
import com.sun.jdi.connect.ListeningConnector;
import com.sun.jdi.event.BreakpointEvent;
import com.sun.jdi.event.EventSet;
import com.sun.jdi.request.BreakpointRequest;
import com.sun.jdi.request.EventRequest;
import io.github.keepalive4j.internal.AddressText;
import io.github.keepalive4j.support.Eventually;
import io.github.keepalive4j.support.FailingSource;
import io.github.keepalive4j.support.Jdk;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The exit status when a signal arrives while the command is about to exit. */
class ExitStatusTest {
  private static final Duration LIMIT = Duration.ofSeconds(60);
  private static final long POLL_MS = 10;

  @TempDir Path folder;

  /** A debugger holds the signal's end up until the command's own has come as far as it can. */
  @Test
  @Timeout(60)
  void theExitStatusOfASignalIsKept() throws Exception {
    Path fencing = folder.resolve("fencing");
    ListeningConnector debugger = listeningConnector();
    Map<String, Connector.Argument> address = debugger.defaultArguments();
    address.get("localAddress").setValue("127.0.0.1");
    String agent = "-agentlib:jdwp=transport=dt_socket,suspend=n,quiet=y,address=";
    try (FailingSource source = new FailingSource();
        Keepalive backup =
            Keepalive.start(
                Jdk.java(),
                List.of(agent + debugger.startListening(address)),
                "watch",
                AddressText.of(source.address()),
                "--json",
                "--fence",
                "touch " + fencing + "; exec sleep 600")) {
      VirtualMachine machine = debugger.accept(address);
      source.accept();
      backup.awaitEvent("up");
      source.failAll();
      Eventually.await("a fence", LIMIT, () -> Files.exists(fencing));
      haltsStop(machine);
      backup.signal("TERM");
      awaitHalt(machine);
      if (waitsAtEnd(machine)) {
        machine.dispose(); // which lets the signal's thread go on
      }
      assertEquals(128 + 15, backup.awaitEnd(), backup::output);
    } finally {
      debugger.stopListening(address);
    }
  }

  private static ListeningConnector listeningConnector() {
    return Bootstrap.virtualMachineManager().listeningConnectors().stream()
        .filter(connector -> connector.transport().name().equals("dt_socket"))
        .findAny()
        .orElseThrow();
  }

  /** Has each thread that is about to halt the JVM wait, all hooks over. */
  private static void haltsStop(VirtualMachine machine) {
    Location halt =
        machine.classesByName("java.lang.Shutdown").get(0).methodsByName("halt").get(0).location();
    BreakpointRequest request = machine.eventRequestManager().createBreakpointRequest(halt);
    request.setSuspendPolicy(EventRequest.SUSPEND_EVENT_THREAD);
    request.enable();
  }

  private static void awaitHalt(VirtualMachine machine) throws InterruptedException {
    EventSet events = null;
    while (!isHalt(events)) {
      events = machine.eventQueue().remove(POLL_MS);
    }
  }

  private static boolean isHalt(EventSet events) {
    return events != null && events.stream().anyMatch(BreakpointEvent.class::isInstance);
  }

  /** Tells whether the command's own thread waits at its end; if it is about to halt, it does. */
  private static boolean waitsAtEnd(VirtualMachine machine) throws Exception {
    ThreadReference main = mainOf(machine);
    while (!isWaitingAtEnd(main)) {
      EventSet events = machine.eventQueue().remove(POLL_MS);
      if (isHalt(events)) {
        events.resume();
        return false;
      }
    }
    return true;
  }

  private static ThreadReference mainOf(VirtualMachine machine) {
    return machine.allThreads().stream()
        .filter(thread -> thread.name().equals("main"))
        .findAny()
        .orElseThrow();
  }

  private static boolean isWaitingAtEnd(ThreadReference main) throws Exception {
    main.suspend();
    try {
      List<StackFrame> frames = main.frames();
      Method outermostButOne = frames.get(frames.size() - 2).location().method();
      return outermostButOne.name().equals("exit")
          && main.status() == ThreadReference.THREAD_STATUS_WAIT;
    } finally {
      main.resume();
    }
  }
}
