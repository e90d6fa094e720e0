package io.github.keepalive4j.cli;

import java.io.PrintWriter;
import java.io.StringWriter;

/** What the command answers to arguments that start nothing, in this JVM. */
record Answer(int status, String out, String error) {
  static Answer to(String... arguments) {
    StringWriter out = new StringWriter();
    StringWriter error = new StringWriter();
    int status =
        Main.commandLine(arguments)
            .setOut(new PrintWriter(out))
            .setErr(new PrintWriter(error))
            .execute(arguments);
    return new Answer(status, out.toString(), error.toString());
  }
}
