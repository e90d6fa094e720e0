package io.github.keepalive4j.drivers.client;

import com.mongodb.client.MongoClients;
import com.mongodb.client.MongoDatabase;
import org.bson.Document;

/** A command without a time limit. */
final class MongoConversation implements Conversation {
  private final MongoDatabase database;

  @SuppressWarnings("resource") // lives as long as the process
  MongoConversation(Settings settings) {
    database = MongoClients.create("mongodb://" + settings.address()).getDatabase("lab");
  }

  @Override
  public void ask() {
    database.runCommand(new Document("ping", 1));
  }

  /** The server's process is stopped meanwhile, so that its kernel takes the command. */
  @Override
  public void askInVain() {
    ask();
  }
}
