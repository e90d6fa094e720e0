package com.example.standby;

import io.github.keepalive4j.Claim;
import io.github.keepalive4j.TakeoverGuard;
import io.github.keepalive4j.testkit.junit.TakeoverGuardContract;
import org.junit.jupiter.api.AutoClose;

class LeaseGuardTest extends TakeoverGuardContract {
  @AutoClose private final LeaseService service = new LeaseService();

  @Override
  protected TakeoverGuard newBackup() {
    return new LeaseGuard(service.lease());
  }

  @Override
  protected void takeAway(Claim claim) {
    service.revoke();
  }
}
