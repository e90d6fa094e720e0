package io.github.keepalive4j.testkit;

import java.util.List;

/**
 * A program that opens a lab, writes its namespaces and a process in it, and ends without closing
 * it.
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
