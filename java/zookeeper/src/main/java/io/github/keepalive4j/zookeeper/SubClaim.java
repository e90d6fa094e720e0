package io.github.keepalive4j.zookeeper;

import io.github.keepalive4j.AbstractClaim;

/**
 * What a server has of its holder's own claim: it neither releases the claim nor hears of its loss.
 * The holder closes the server.
 */
final class SubClaim extends AbstractClaim {
  private final ZooKeeperClaim claim;

  SubClaim(ZooKeeperClaim claim) {
    this.claim = claim;
  }

  @Override
  public boolean canBeLost() {
    return false;
  }

  @Override
  protected boolean stands() {
    return claim.isCurrent();
  }

  @Override
  public void serve(Backups backups) {
    claim.serve(backups);
  }

  @Override
  public String description() {
    return claim.description();
  }

  @Override
  protected void giveUp() {
    // the holder does
  }
}
