package io.github.keepalive4j.bench.measure;

import io.github.keepalive4j.bench.subject.Contender;
import io.github.keepalive4j.bench.subject.Stamps;
import io.github.keepalive4j.bench.subject.Subject;
import java.io.IOException;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;

/** Subjects by key, all running at once so that they can be measured in turns. */
public final class Subjects implements AutoCloseable {
  private final Stamps stamps;
  private final Map<String, Subject> byKey = new LinkedHashMap<>();

  public Subjects(Stamps stamps) {
    this.stamps = stamps;
  }

  public static Subjects open(Stamps stamps, Collection<Contender> contenders) throws IOException {
    Subjects subjects = new Subjects(stamps);
    for (Contender contender : contenders) {
      subjects.add(contender.key(), contender.open(stamps));
    }
    return subjects;
  }

  public void add(String key, Subject subject) {
    byKey.put(key, subject);
  }

  public Stamps stamps() {
    return stamps;
  }

  public Collection<String> keys() {
    return byKey.keySet();
  }

  public Subject get(String key) {
    return byKey.get(key);
  }

  @Override
  public void close() throws IOException {
    for (Subject subject : byKey.values()) {
      subject.close();
    }
  }
}
