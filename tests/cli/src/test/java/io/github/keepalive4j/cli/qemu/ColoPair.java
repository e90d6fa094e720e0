package io.github.keepalive4j.cli.qemu;

import io.github.keepalive4j.qemu.QmpCommand;
import io.github.keepalive4j.qemu.QmpValue;
import io.github.keepalive4j.support.Needs;
import io.github.keepalive4j.testkit.Host;
import io.github.keepalive4j.testkit.Lab;
import io.github.keepalive4j.testkit.qemu.QemuProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * A COLO pair on two hosts as QEMU's documentation sets it up: a disk that is replicated by NBD,
 * block nodes with automatic names, and network filters. The guest writes to the disk all the time.
 */
final class ColoPair implements AutoCloseable {
  private static final String DISK_SIZE = "1M";

  /** Beyond the test's end: on a busy machine, a pair under TCG may stall in a checkpoint. */
  private static final long CHECKPOINT_DELAY_MS = 60_000;

  private final Path folder;
  private final Lab lab;
  private QemuMachine primary;
  private QemuMachine secondary;

  private ColoPair(Path folder) throws IOException {
    this.folder = Files.createTempDirectory(folder, "pair");
    this.lab = Needs.openLab();
  }

  /** Starts a pair and waits until it is in lockstep. */
  static ColoPair start(Path folder) throws Exception {
    Needs.program("qemu-img");
    ColoPair pair = new ColoPair(folder);
    try {
      pair.start();
      return pair;
    } catch (Exception | AssertionError e) {
      pair.close();
      throw e;
    }
  }

  private void start() throws Exception {
    makeDisks();
    secondary = QemuMachine.on(lab.backup(), folder, this::asSecondary);
    primary = QemuMachine.on(lab.source(), folder, this::asPrimary);
    enableColo(secondary);
    exportTheDisk();
    enableColo(primary);
    replicateTheDisk();
    primary.execute(
        QmpCommand.of("migrate-set-parameters").with("x-checkpoint-delay", CHECKPOINT_DELAY_MS));
    primary.awaitCount(5);
    primary.beginMigrationTo(lab.backup());
    awaitMode(primary, "primary");
    awaitMode(secondary, "secondary");
    primary.awaitStatus("running");
    primary.awaitCount(primary.count() + 5);
  }

  private void makeDisks() throws Exception {
    for (String raw : List.of("primary.raw", "secondary.raw")) {
      run("qemu-img", "create", "-q", "-f", "raw", path(raw), DISK_SIZE);
    }
    for (String qcow2 : List.of("active.qcow2", "hidden.qcow2")) {
      run("qemu-img", "create", "-q", "-f", "qcow2", path(qcow2), DISK_SIZE);
    }
  }

  private static void run(String... command) throws Exception {
    Process process = new ProcessBuilder(command).inheritIO().start();
    if (process.waitFor() != 0) {
      throw new IOException(String.join(" ", command) + " failed");
    }
  }

  private QemuProcess.Builder asPrimary(QemuProcess.Builder builder) {
    return withNetwork(builder)
        .arguments(
            words(
                "-chardev socket,id=mirror0,host=0.0.0.0,port=9003,server=on,wait=off"
                    + " -chardev socket,id=compare1,host=0.0.0.0,port=9004,server=on,wait=on"
                    + " -chardev socket,id=compare0,host=127.0.0.1,port=9001,server=on,wait=off"
                    + " -chardev socket,id=compare0-0,host=127.0.0.1,port=9001"
                    + " -chardev socket,id=compare_out,host=127.0.0.1,port=9005,server=on,wait=off"
                    + " -chardev socket,id=compare_out0,host=127.0.0.1,port=9005"
                    + " -object filter-mirror,id=m0,netdev=hn0,queue=tx,outdev=mirror0"
                    + " -object filter-redirector,netdev=hn0,id=redire0,queue=rx,indev=compare_out"
                    + " -object filter-redirector,netdev=hn0,id=redire1,queue=rx,outdev=compare0"
                    + " -object iothread,id=iothread1"
                    + " -object colo-compare,id=comp0,primary_in=compare0-0,secondary_in=compare1"
                    + ",outdev=compare_out0,iothread=iothread1"))
        .arguments(
            "-drive",
            "if=ide,id=colo-disk0,driver=quorum,read-pattern=fifo,vote-threshold=1"
                + ",children.0.driver=raw,children.0.file.filename="
                + path("primary.raw"));
  }

  private QemuProcess.Builder asSecondary(QemuProcess.Builder builder) {
    String host = lab.source().ipv4().getHostAddress();
    return withNetwork(QemuMachine.awaitingMigration().apply(builder))
        .arguments(
            words(
                "-chardev socket,id=red0,port=9003,reconnect=1,host="
                    + host
                    + " -chardev socket,id=red1,port=9004,reconnect=1,host="
                    + host
                    + " -object filter-redirector,id=f1,netdev=hn0,queue=tx,indev=red0"
                    + " -object filter-redirector,id=f2,netdev=hn0,queue=rx,outdev=red1"
                    + " -object filter-rewriter,id=rew0,netdev=hn0,queue=all"))
        .arguments("-drive", "if=none,id=parent0,driver=raw,file.filename=" + path("secondary.raw"))
        .arguments(
            "-drive",
            "if=none,id=childs0,driver=replication,mode=secondary,top-id=colo-disk0"
                + ",file.driver=qcow2,file.file.filename="
                + path("active.qcow2")
                + ",file.backing.driver=qcow2,file.backing.file.filename="
                + path("hidden.qcow2")
                + ",file.backing.backing=parent0")
        .arguments(
            "-drive",
            "if=ide,id=colo-disk0,driver=quorum,read-pattern=fifo,vote-threshold=1"
                + ",children.0=childs0");
  }

  private static QemuProcess.Builder withNetwork(QemuProcess.Builder builder) {
    return builder.arguments(
        words("-boot a -netdev user,id=hn0 -device rtl8139,id=e0,netdev=hn0,romfile="));
  }

  private static String[] words(String text) {
    return text.split(" ");
  }

  private String path(String name) {
    return folder.resolve(name).toString();
  }

  private void exportTheDisk() throws Exception {
    QmpValue everywhere =
        QmpValue.parse(
            "{\"type\": \"inet\", \"data\": {\"host\": \"0.0.0.0\", \"port\": \"9997\"}}");
    secondary.execute(QmpCommand.of("nbd-server-start").with("addr", everywhere));
    secondary.execute(
        QmpCommand.of("nbd-server-add").with("device", "parent0").with("writable", true));
  }

  private void replicateTheDisk() throws Exception {
    String replication =
        "drive_add -n buddy driver=replication,mode=primary,node-name=replication0"
            + ",file.driver=nbd,file.port=9997,file.export=parent0,file.host="
            + lab.backup().ipv4().getHostAddress();
    primary.execute(QmpCommand.of("human-monitor-command").with("command-line", replication));
    primary.execute(
        QmpCommand.of("x-blockdev-change")
            .with("parent", "colo-disk0")
            .with("node", "replication0"));
  }

  private static void enableColo(QemuMachine machine) throws Exception {
    QmpValue capabilities = QmpValue.of(List.of(Map.of("capability", "x-colo", "state", true)));
    machine.execute(QmpCommand.of("migrate-set-capabilities").with("capabilities", capabilities));
  }

  private static void awaitMode(QemuMachine machine, String mode) throws Exception {
    machine.await(
        "COLO mode " + mode,
        () -> machine.execute("query-colo-status").path("mode").asText().equals(mode));
  }

  Host primaryHost() {
    return lab.source();
  }

  Host secondaryHost() {
    return lab.backup();
  }

  QemuMachine primary() {
    return primary;
  }

  QemuMachine secondary() {
    return secondary;
  }

  @Override
  public void close() throws IOException {
    for (QemuMachine machine : new QemuMachine[] {primary, secondary}) {
      if (machine != null) {
        machine.close();
      }
    }
    lab.close();
  }
}
