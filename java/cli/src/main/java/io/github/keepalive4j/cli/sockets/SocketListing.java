package io.github.keepalive4j.cli.sockets;

import io.github.keepalive4j.cli.output.Event;
import io.github.keepalive4j.cli.output.Listing;
import io.github.keepalive4j.cli.output.Messages;
import io.github.keepalive4j.internal.sockets.SocketTable;
import java.io.IOException;
import java.util.List;

/** Lists the sockets of one process, or of all that the kernel lets this user see. */
final class SocketListing {
  private final Listing listing;
  private final NetworkNamespaces namespaces = new NetworkNamespaces();
  private int refused;
  private String firstRefusal; // null while none

  SocketListing(Listing listing) {
    this.listing = listing;
  }

  /**
   * Lists a process's sockets.
   *
   * @throws IOException if it has ended, or the kernel doesn't permit it: the message says how
   */
  void show(TargetProcess process) throws IOException {
    try {
      tell(process, read(process), true);
    } catch (IOException e) {
      if (process.isGone()) {
        throw new IOException(process + " has ended", e);
      }
      throw e;
    }
  }

  void showAll() throws IOException {
    for (TargetProcess process : TargetProcess.all()) {
      try {
        tell(process, read(process), false);
      } catch (IOException e) {
        countRefusal(process, e);
      }
    }
    if (firstRefusal != null) {
      String message =
          refused + " of the processes are not shown, the first because: " + firstRefusal;
      listing.event(Event.warning("", message));
    }
  }

  private void countRefusal(TargetProcess process, IOException e) {
    if (process.isGone()) {
      return;
    }
    refused++;
    if (firstRefusal == null) {
      firstRefusal = Messages.of(e);
    }
  }

  private List<SocketView> read(TargetProcess process) throws IOException {
    try (SocketTable table = SocketTable.ofProcess(process.pid())) {
      return new SocketReader(process.pid(), table, namespaces).readAll();
    }
  }

  private void tell(TargetProcess process, List<SocketView> sockets, boolean alsoNone) {
    if (alsoNone || !sockets.isEmpty()) {
      listing.note(
          process + ": " + sockets.size() + " TCP socket" + (sockets.size() == 1 ? "" : "s"));
    }
    for (SocketView socket : sockets) {
      listing.event(SocketEvents.socket(process, socket));
    }
  }
}
