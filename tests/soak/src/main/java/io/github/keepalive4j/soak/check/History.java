package io.github.keepalive4j.soak.check;

import io.github.keepalive4j.soak.load.LoadEvent;
import io.github.keepalive4j.soak.program.BackupEvent;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * All events and all faults of a soak.
 *
 * @param links one for each link that was opened
 * @param general the events that concern no link
 */
public record History(
    List<LinkHistory> links, List<BackupEvent> general, List<FaultInterval> intervals) {
  /** Reads the events from the file that the backup wrote. */
  public static History read(Path events, List<FaultInterval> intervals) throws IOException {
    try (Stream<String> lines = Files.lines(events)) {
      return of(lines.map(BackupEvent::parse), intervals);
    }
  }

  static History of(Stream<BackupEvent> events, List<FaultInterval> intervals) {
    Map<String, List<BackupEvent>> byLink = new LinkedHashMap<>();
    List<BackupEvent> general = new ArrayList<>();
    events.forEach(
        event -> {
          if (event.link().equals(LoadEvent.NO_LINK)) {
            general.add(event);
          } else {
            byLink.computeIfAbsent(event.link(), name -> new ArrayList<>(8)).add(event);
          }
        });
    List<LinkHistory> links = byLink.values().stream().map(LinkHistory::new).toList();
    return new History(links, general, intervals);
  }

  public long count(String what) {
    return links.stream().mapToLong(link -> link.all(what).count()).sum();
  }
}
