package io.github.keepalive4j.cli;

import io.github.keepalive4j.KeepaliveMonitor;
import io.github.keepalive4j.KeepaliveServer;
import io.github.keepalive4j.cli.values.Bounds;
import java.util.Map;
import java.util.Stack;
import picocli.CommandLine.IParameterPreprocessor;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;

/** Whether the threads that detect, answer and call back run in real time. */
public final class RealtimeOptions {
  private static final String DEFAULT = "10";

  @Option(
      names = "--realtime",
      paramLabel = "PRIORITY",
      arity = "0..1",
      fallbackValue = DEFAULT,
      preprocessor = PriorityOrDefault.class,
      converter = Bounds.Priority.class,
      description = {
        "Run what detects, answers and fails over in real time (SCHED_FIFO), and lock its code in memory, so",
        "that a busy machine doesn't delay it. PRIORITY is 1 to 99 (default: "
            + DEFAULT
            + "; without --realtime: none).",
        "Takes CAP_SYS_NICE or RLIMIT_RTPRIO of PRIORITY + 2, and CAP_IPC_LOCK or RLIMIT_MEMLOCK of 64 MiB.",
        "CMD runs as a normal process."
      })
  private Integer priority; // null for normal threads

  public KeepaliveMonitor.Builder addTo(KeepaliveMonitor.Builder builder) {
    return priority == null ? builder : builder.realtime(priority);
  }

  public KeepaliveServer.Builder addTo(KeepaliveServer.Builder builder) {
    return priority == null ? builder : builder.realtime(priority);
  }

  /** Takes the next argument for the priority only if it is a number: it may be HOST:PORT. */
  static final class PriorityOrDefault implements IParameterPreprocessor {
    /** What picocli calls the separator of an option and the argument after it. */
    private static final String SEPARATE = " ";

    @Override
    @SuppressWarnings("JdkObsolete") // the interface asks for a Stack
    public boolean preprocess(
        Stack<String> args, CommandSpec command, ArgSpec option, Map<String, Object> info) {
      boolean attached = !SEPARATE.equals(info.get("separator"));
      if (!attached && (args.isEmpty() || !args.peek().matches("-?\\d+"))) {
        args.push(DEFAULT);
      }
      return false;
    }
  }
}
