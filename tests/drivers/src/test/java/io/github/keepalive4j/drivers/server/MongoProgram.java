package io.github.keepalive4j.drivers.server;

import de.bwaldvogel.mongo.MongoServer;
import de.bwaldvogel.mongo.ServerVersion;
import de.bwaldvogel.mongo.backend.memory.MemoryBackend;

/** A server that speaks MongoDB's protocol. Its argument is the address. */
public final class MongoProgram {
  private static final int PORT = 27017;

  private MongoProgram() {}

  public static void main(String[] arguments) {
    new MongoServer(new MemoryBackend().version(ServerVersion.MONGO_5_0)).bind(arguments[0], PORT);
    System.out.println("ready");
  }
}
