package io.github.keepalive4j.soak.idle;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Ends links, on several pairs side by side. */
final class Cuts<T extends Outcome> {
  /** How many tries there are for each outcome that has to count. */
  private static final int MOST_TRIES = 10;

  private final Plan plan;
  private final CutPair.Opener<T> opener;
  private final Path folder;

  Cuts(Plan plan, CutPair.Opener<T> opener, Path folder) {
    this.plan = plan;
    this.opener = opener;
    this.folder = folder;
  }

  /**
   * Ends so many of the command's links for each budget. The seed determines their ages. Returns
   * also what doesn't count.
   */
  static List<Cut> make(Plan plan, Turns turns, int cuts, int pairs, long seed, Path folder)
      throws Exception {
    Programs programs = Programs.compile(folder);
    CutPair.Opener<Cut> opener = (files, random) -> Pair.open(plan, programs, turns, files);
    return new Cuts<>(plan, opener, folder).make(cuts, pairs, seed);
  }

  /** Cuts so many links of a user's program, likewise. */
  static List<LibraryCut> makeWithLibrary(
      Plan plan, Turns turns, int cuts, int pairs, long seed, Path folder) throws Exception {
    CutPair.Opener<LibraryCut> opener = (files, random) -> LibraryPair.open(turns, files, random);
    return new Cuts<>(plan, opener, folder).make(cuts, pairs, seed);
  }

  List<T> make(int cuts, int pairs, long seed) throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(pairs);
    try {
      List<Future<List<T>>> shares = new ArrayList<>();
      for (int pair = 0; pair < pairs; pair++) {
        int number = pair;
        int share = cuts / pairs + (pair < cuts % pairs ? 1 : 0);
        shares.add(threads.submit(() -> share(number, share, new Random(seed + number))));
      }
      List<T> all = new ArrayList<>();
      for (Future<List<T>> share : shares) {
        all.addAll(share.get());
      }
      return all;
    } finally {
      threads.shutdownNow();
    }
  }

  private List<T> share(int number, int cuts, Random random) throws Exception {
    List<T> made = new ArrayList<>();
    Queue<String> budgets = plan.turns(cuts, number);
    int most = MOST_TRIES * budgets.size();
    try (CutPair<T> pair = opener.open(folder.resolve("pair" + number), random)) {
      while (!budgets.isEmpty() && made.size() < most) {
        T cut = pair.cut(budgets.remove(), plan.age(random));
        made.add(cut);
        System.err.printf(Locale.ROOT, "pair %d: %s%n", number, cut);
        if (!cut.counts()) {
          budgets.add(cut.budget());
        }
      }
    }
    return made;
  }
}
