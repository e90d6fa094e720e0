package io.github.keepalive4j.zookeeper;

/** Whether a claim rests on the promises of the source's backups. More values may be added. */
public enum FailsafeState {
  /** The ensemble doesn't answer, and every backup has promised not to take over for a while. */
  ON,
  /** The ensemble has answered again, or the claim is over. */
  OFF
}
