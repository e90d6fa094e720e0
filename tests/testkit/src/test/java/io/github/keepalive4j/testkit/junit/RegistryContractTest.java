package io.github.keepalive4j.testkit.junit;

import io.github.keepalive4j.Claim;
import io.github.keepalive4j.TakeoverGuard;

/** A guard that keeps the contract. */
class RegistryContractTest extends TakeoverGuardContract {
  private final Registry registry = new Registry();

  @Override
  protected TakeoverGuard newBackup() {
    return registry;
  }

  @Override
  protected void takeAway(Claim claim) {
    ((Registry.Entry) claim).delete();
  }
}
