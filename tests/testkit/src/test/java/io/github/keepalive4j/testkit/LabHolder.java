package io.github.keepalive4j.testkit;

import java.util.List;

/**
 * A program that opens a lab, prints the id of a process in it and its namespaces, and exits
 * without closing the lab.
 */
final class LabHolder {
  private LabHolder() {}

  public static void main(String[] args) throws Exception {
    Lab lab = Lab.open("a", "b", "c");
    ManagedProcess sleeper = lab.host("a").start("sleep", "1000");
    List<String> words = lab.hosts().stream().map(Host::namespace).toList();
    System.out.println(sleeper.pid() + " " + String.join(" ", words));
    System.exit(System.in.read() < 0 ? 1 : 0);
  }
}
