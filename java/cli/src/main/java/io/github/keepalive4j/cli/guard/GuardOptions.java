package io.github.keepalive4j.cli.guard;

import io.github.keepalive4j.Journal;
import io.github.keepalive4j.cli.output.Event;
import io.github.keepalive4j.cli.output.Messages;
import io.github.keepalive4j.cli.output.Output;
import io.github.keepalive4j.cli.values.Bounds;
import io.github.keepalive4j.cli.values.ConnectString;
import io.github.keepalive4j.cli.values.Options;
import io.github.keepalive4j.zookeeper.LiveHolder;
import io.github.keepalive4j.zookeeper.Unavailable;
import io.github.keepalive4j.zookeeper.ZooKeeperGuard;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

/** Which ensemble grants the claim to a source, and where the journal is. */
public final class GuardOptions {
  @Option(
      names = "--zookeeper",
      paramLabel = "HOST:PORT,...[/PATH]",
      converter = ConnectString.class,
      description = {
        "The ZooKeeper ensemble that grants the claim to the source, so that only one runs at a time:",
        "the same for the source and all its backups. The connection is kept open."
      })
  private String ensemble; // null for none

  @Option(
      names = "--source-id",
      paramLabel = "NAME",
      description = {
        "With --zookeeper: the source's name there, the same for all; 1 to 128 letters, digits,",
        "dots, hyphens and underscores."
      })
  private String sourceId; // null without an ensemble

  @Option(
      names = "--zookeeper-config",
      paramLabel = "FILE",
      description = {
        "With --zookeeper: a file of properties with the names of ZooKeeper's client, for TLS and SASL, and",
        "authorization=digest:USER:PASSWORD. With authentication, new nodes belong to their maker alone, so",
        "the source and its backups need the same identity (default: none)."
      })
  private Path configFile; // null for none

  @Option(
      names = "--claim-timeout",
      paramLabel = "TIME",
      defaultValue = "15s",
      converter = Bounds.ClaimLimit.class,
      description = {
        "With --zookeeper: how long winning the claim may take, 1ms to 3600000ms (default: ${DEFAULT-VALUE}). A source",
        "waits up to this long for a dead holder's session to end, which takes 6s. So does a backup that lost",
        "to another one that died, or failed to fence, before it took over."
      })
  private Duration claimTimeout;

  @Option(
      names = "--live-holder",
      paramLabel = "await|revoke",
      defaultValue = "revoke",
      converter = LiveHolderConverter.class,
      completionCandidates = LiveHolderConverter.class,
      description = {
        "With --zookeeper: what a backup does about a holder whose session on the ensemble is alive. revoke:",
        "claims, lets it stop, and takes over also without its answer; await: waits until it has stopped or its",
        "session has ended, and declines otherwise (default: ${DEFAULT-VALUE}). A source always awaits."
      })
  private LiveHolder liveHolder;

  @Option(
      names = "--grant-when-unavailable",
      description = {
        "With --zookeeper: go on without a claim while the ensemble is unavailable, as without --zookeeper:",
        "several may then run at once (default: decline)."
      })
  private boolean grantWhenUnavailable;

  @Option(
      names = "--token-floor",
      paramLabel = "FILE",
      description = {
        "With --zookeeper: keep the greatest token seen in FILE, so that each later token is greater, also on an",
        "ensemble that was rebuilt empty. FILE is made if it is missing; no other process may use it."
      })
  private Path tokenFloor; // null for none

  @Option(
      names = "--journal",
      paramLabel = "FILE",
      description = {
        "Append each step to FILE, a regular file, before it is taken: one JSON object a line, synced. SIGHUP",
        "opens FILE anew then, after logrotate has renamed it, and doesn't end this."
      })
  private Path journalFile; // null for none

  @Option(
      names = "--journal-timeout",
      paramLabel = "TIME",
      defaultValue = "100ms",
      converter = Bounds.ClaimLimit.class,
      description = {
        "With --journal: how long a failover waits for a disk that is slow or hangs, 1ms to 3600000ms",
        "(default: ${DEFAULT-VALUE}). Then it goes on, and its lines are written later."
      })
  private Duration journalTimeout;

  @Spec(Spec.Target.MIXEE)
  private CommandSpec spec;

  private EnsembleConfig config; // null for none, and before it was read

  public void check() {
    if (journalFile == null && Options.isGiven(spec, "--journal-timeout")) {
      throw usage("--journal-timeout goes with --journal");
    }
    if (ensemble == null) {
      requireEnsemble("--source-id", sourceId != null);
      requireEnsemble("--zookeeper-config", configFile != null);
      requireEnsemble("--claim-timeout", Options.isGiven(spec, "--claim-timeout"));
      requireEnsemble("--live-holder", Options.isGiven(spec, "--live-holder"));
      requireEnsemble("--grant-when-unavailable", grantWhenUnavailable);
      requireEnsemble("--token-floor", tokenFloor != null);
    } else if (sourceId == null) {
      throw usage("--zookeeper goes with --source-id");
    } else {
      readConfig();
      ZooKeeperGuard.Builder unused = guard();
    }
  }

  /** Refuses an option that says something about the claim where there is none. */
  public void requireEnsemble(String option, boolean given) {
    if (given && ensemble == null) {
      throw usage(option + " goes with --zookeeper");
    }
  }

  private ZooKeeperGuard.Builder newGuard() {
    try {
      return ZooKeeperGuard.builder(ensemble, sourceId);
    } catch (IllegalArgumentException e) {
      throw usage("Invalid value for option '--source-id': " + e.getMessage());
    }
  }

  private void readConfig() {
    try {
      config = configFile == null ? null : EnsembleConfig.read(configFile);
    } catch (IllegalArgumentException e) {
      throw usage("Invalid value for option '--zookeeper-config': " + e.getMessage());
    } catch (IOException e) {
      throw usage("Invalid value for option '--zookeeper-config': " + Messages.of(e));
    }
  }

  private ZooKeeperGuard.Builder withFloor(ZooKeeperGuard.Builder guard) {
    try {
      return tokenFloor == null ? guard : guard.tokenFloor(tokenFloor);
    } catch (IOException e) {
      throw usage("Invalid value for option '--token-floor': " + Messages.of(e));
    }
  }

  /** Opens the journal, and starts connecting to the ensemble. */
  public Guards open(Output output) throws IOException {
    return open(output, UnaryOperator.identity(), Duration.ZERO);
  }

  /** Likewise, for a source whose claim outlasts an outage while its backups hold back. */
  public Guards openFailsafe(Output output) throws IOException {
    return open(output, guard -> withFailsafe(guard, output), Duration.ZERO);
  }

  private ZooKeeperGuard.Builder withFailsafe(ZooKeeperGuard.Builder guard, Output output) {
    return guard.failsafe(state -> output.event(GuardEvent.failsafe(ensemble, state)));
  }

  /**
   * Likewise, for a backup, which waits until the holder that it replaces has stopped.
   *
   * @param failsafe whether its own claim outlasts an outage once it serves in its turn
   */
  public Guards open(Output output, ReleaseOptions release, boolean failsafe) throws IOException {
    if (ensemble != null) {
      output.awaitArming();
    }
    return open(
        output,
        guard -> release.addTo(failsafe ? withFailsafe(guard, output) : guard),
        release.releaseTimeout());
  }

  private Guards open(
      Output output, UnaryOperator<ZooKeeperGuard.Builder> setUp, Duration releaseTimeout)
      throws IOException {
    JournalKeeper journal = journalFile == null ? JournalKeeper.NONE : openJournal(output);
    if (ensemble == null) {
      return new Guards(journal);
    }
    ArmingReporter arming = new ArmingReporter(ensemble, output);
    ZooKeeperGuard.Builder builder =
        setUp.apply(
            guard()
                .armingListener(arming)
                .warningListener(warning -> output.event(Event.warning(ensemble, warning))));
    Duration timeout = claimTimeout.plus(releaseTimeout);
    return new Guards(journal, ensemble, sourceId, builder, builder.open(), arming, timeout);
  }

  /** Returns the ensemble's servers as the user wrote them; null for none. */
  public String ensemble() {
    return ensemble;
  }

  /** Returns the journal's file, if there is one. */
  public Optional<Path> journalFile() {
    return Optional.ofNullable(journalFile);
  }

  /** Returns how long a failover waits for the journal. */
  public Duration journalTimeout() {
    return journalTimeout;
  }

  private JournalKeeper openJournal(Output output) throws IOException {
    try {
      Journal journal = Journal.open(journalFile, journalTimeout);
      JournalKeeper keeper = new JournalKeeper(journalFile, journal, output);
      keeper.reopenAtHangup();
      return keeper;
    } catch (IOException e) {
      throw new IOException("the journal can't be opened: " + e.getMessage(), e);
    }
  }

  /** Returns the settings of the guard of an ensemble. To be called after {@link #check}. */
  public ZooKeeperGuard.Builder guard() {
    return withFloor(newGuard())
        .client(client -> config == null ? client : config.addTo(client))
        .liveHolder(liveHolder)
        .whenUnavailable(grantWhenUnavailable ? Unavailable.GRANT : Unavailable.DECLINE);
  }

  private ParameterException usage(String message) {
    return new ParameterException(spec.commandLine(), message);
  }

  /** Takes the names in lower case, as the other options are. */
  static final class LiveHolderConverter implements ITypeConverter<LiveHolder>, Iterable<String> {
    @Override
    public Iterator<String> iterator() {
      return List.of("await", "revoke").iterator();
    }

    @Override
    public LiveHolder convert(String text) {
      return switch (text) {
        case "await" -> LiveHolder.AWAIT;
        case "revoke" -> LiveHolder.REVOKE;
        default -> throw new TypeConversionException("'" + text + "' is neither await nor revoke");
      };
    }
  }
}
