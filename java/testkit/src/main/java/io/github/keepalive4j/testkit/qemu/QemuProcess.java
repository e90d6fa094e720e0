package io.github.keepalive4j.testkit.qemu;

import io.github.keepalive4j.testkit.internal.Arguments;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;

/**
 * A small QEMU for demonstrations and tests: an emulated PC (TCG) that runs {@link CountingGuest}.
 * Its files are in a directory that the caller names, and are named after the machine. {@link
 * #close()} kills the process and deletes its files. So does the end of this program.
 */
public final class QemuProcess implements AutoCloseable {
  private static final int LONGEST_SOCKET_PATH = 107;

  private final String name;
  private final List<String> command;
  private final Path qmp;
  private final Path serial;
  private final Path log;
  private final Path image;
  private final Thread atExit = new Thread(this::endAtExit, "ends QEMU");
  private volatile Process process;
  private boolean programEnds;

  private QemuProcess(Builder builder) {
    name = builder.name;
    qmp = builder.file("qmp");
    serial = builder.file("serial");
    log = builder.file("log");
    image = builder.file("img");
    command = builder.command(this);
  }

  /** Registers the shutdown hook first, so a JVM that ends right after the start kills QEMU too. */
  private void start() throws IOException {
    try {
      Runtime.getRuntime().addShutdownHook(atExit);
    } catch (IllegalStateException e) {
      throw programIsEnding();
    }
    try {
      launch();
    } finally {
      if (process == null) {
        removeShutdownHook();
      }
    }
  }

  private synchronized void launch() throws IOException {
    if (programEnds) {
      throw programIsEnding();
    }
    try {
      CountingGuest.writeImage(image);
      process =
          new ProcessBuilder(command)
              .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
              .redirectErrorStream(true)
              .redirectOutput(log.toFile())
              .start();
    } finally {
      if (process == null) {
        deleteFiles();
      }
    }
  }

  private IOException programIsEnding() {
    return new IOException(name + " is not started: this program is ending");
  }

  /**
   * Returns a builder of a machine that runs at once.
   *
   * @param name names the machine and its files
   * @param directory the directory of the files; the path of the QMP socket in it must fit into a
   *     socket address
   * @throws IllegalArgumentException if the name is blank, or the path is too long
   */
  public static Builder builder(String name, Path directory) {
    return new Builder(name, directory);
  }

  /** Returns the machine's name. */
  public String name() {
    return name;
  }

  /** Returns the command line that was started: the program and its arguments. */
  public List<String> command() {
    return command;
  }

  /**
   * Returns the address of the QMP socket. QEMU makes the socket some time after the process has
   * started, so a client has to try until it is there.
   */
  public UnixDomainSocketAddress qmp() {
    return UnixDomainSocketAddress.of(qmp);
  }

  /**
   * Returns the file into which the guest's serial port writes, see {@link
   * CountingGuest#counts(Path)}. It may not exist yet.
   */
  public Path serial() {
    return serial;
  }

  /** Returns the process, for signals. */
  public Process process() {
    return process;
  }

  /**
   * Returns what the process wrote on its standard output and error, for error reports.
   *
   * @throws IOException if it cannot be read
   */
  public String log() throws IOException {
    return Files.readString(log);
  }

  /** Kills the process (SIGKILL), as a power failure would, and waits for its end. */
  public void kill() {
    process.destroyForcibly();
    boolean interrupted = false;
    while (process.isAlive()) {
      try {
        process.waitFor(1, TimeUnit.SECONDS);
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  /**
   * Kills the process and deletes its files.
   *
   * @throws IOException if a file cannot be deleted
   */
  @Override
  public void close() throws IOException {
    try {
      kill();
      deleteFiles();
    } finally {
      removeShutdownHook();
    }
  }

  private void removeShutdownHook() {
    try {
      Runtime.getRuntime().removeShutdownHook(atExit);
    } catch (IllegalStateException e) {
      // the program is ending, and the hook does the same as close()
    }
  }

  private void endAtExit() {
    synchronized (this) {
      programEnds = true; // a start under way is complete now, and no other begins
    }
    if (process != null) {
      kill();
    }
    try {
      deleteFiles();
    } catch (IOException e) {
      // nobody is left to report it to
    }
  }

  private void deleteFiles() throws IOException {
    for (Path file : List.of(qmp, serial, log, image)) {
      Files.deleteIfExists(file);
    }
  }

  /** Builds {@link QemuProcess}. */
  public static final class Builder {

    private final String name;
    private final Path directory;
    private final List<String> prefix = new ArrayList<>();
    private final List<String> arguments = new ArrayList<>();
    private String program = "qemu-system-x86_64";
    private int memoryMib = 16;

    private Builder(String name, Path directory) {
      if (Objects.requireNonNull(name, "name").isBlank()) {
        throw new IllegalArgumentException("name: '" + name + "', must not be blank");
      }
      this.name = name;
      this.directory = Objects.requireNonNull(directory, "directory").toAbsolutePath();
      int length = file("qmp").toString().length();
      requireRange("length of " + file("qmp"), length, 1, LONGEST_SOCKET_PATH);
    }

    /**
     * Puts a command before QEMU's own, such as {@code ip netns exec NAME}. The command must
     * replace itself by QEMU.
     */
    public Builder prefix(String... words) {
      prefix.addAll(Arguments.noneNull("words", words));
      return this;
    }

    /** Names QEMU's program, {@code qemu-system-x86_64} unless set. */
    public Builder program(String program) {
      this.program = Objects.requireNonNull(program, "program");
      return this;
    }

    /**
     * Sets the machine's memory.
     *
     * @param mib 2 to 65,536 MiB, 16 unless set
     * @throws IllegalArgumentException if it is out of range
     */
    public Builder memoryMib(int mib) {
      requireRange("memoryMib", mib, 2, 65_536);
      memoryMib = mib;
      return this;
    }

    /** Leaves the machine paused ({@code -S}). */
    public Builder paused() {
      return arguments("-S");
    }

    /**
     * Makes the machine wait for a migration ({@code -incoming}).
     *
     * @param uri where it waits, such as {@code tcp:0.0.0.0:9998} or {@code unix:PATH}; {@code
     *     defer} leaves that to {@code migrate-incoming}
     */
    public Builder incoming(String uri) {
      return arguments("-incoming", Objects.requireNonNull(uri, "uri"));
    }

    /** Adds arguments to QEMU's command line. */
    public Builder arguments(String... more) {
      arguments.addAll(Arguments.noneNull("more", more));
      return this;
    }

    /**
     * Starts the process.
     *
     * @throws IOException if it cannot be started, as when QEMU is not installed (Debian's package
     *     is {@code qemu-system-x86}), if its files cannot be written, or if this program is ending
     * @throws IllegalStateException if this testkit was built on a machine without a compiler for
     *     x86
     */
    public QemuProcess start() throws IOException {
      QemuProcess machine = new QemuProcess(this);
      machine.start();
      return machine;
    }

    private static void requireRange(String name, int value, int least, int most) {
      if (value < least || value > most) {
        throw new IllegalArgumentException(
            name + ": " + value + ", must be between " + least + " and " + most);
      }
    }

    private Path file(String suffix) {
      return directory.resolve(name + "." + suffix);
    }

    private List<String> command(QemuProcess files) {
      List<String> words = new ArrayList<>(prefix);
      words.add(program);
      words.addAll(List.of("-name", "guest=" + quoted(name), "-accel", "tcg", "-machine", "pc"));
      words.addAll(List.of("-m", Integer.toString(memoryMib), "-nodefaults", "-display", "none"));
      words.addAll(
          List.of(
              "-drive", "format=raw,if=floppy,readonly=on,file=" + quoted(files.image.toString())));
      words.addAll(List.of("-serial", "file:" + files.serial));
      words.addAll(List.of("-qmp", "unix:" + quoted(files.qmp.toString()) + ",server=on,wait=off"));
      words.addAll(arguments);
      return List.copyOf(words);
    }

    private static String quoted(String value) {
      return value.replace(",", ",,");
    }
  }
}
