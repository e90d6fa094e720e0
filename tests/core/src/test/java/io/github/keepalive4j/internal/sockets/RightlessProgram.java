package io.github.keepalive4j.internal.sockets;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Scanner;

/** Says why it may not touch the process whose number it is told. */
public final class RightlessProgram {
  private RightlessProgram() {}

  public static void main(String[] args) throws Exception {
    Scanner input = new Scanner(System.in, StandardCharsets.UTF_8);
    try (SocketTable table = SocketTable.ofProcess(input.nextInt())) {
      System.out.println("sockets: " + table.scan().size());
    } catch (IOException e) {
      System.out.println(e.getMessage());
    }
  }
}
