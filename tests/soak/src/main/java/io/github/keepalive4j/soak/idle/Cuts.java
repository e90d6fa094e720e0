package io.github.keepalive4j.soak.idle;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Makes cuts, on several pairs side by side. */
final class Cuts {
  private final Plan plan;
  private final Programs programs;
  private final Path folder;

  private Cuts(Plan plan, Programs programs, Path folder) {
    this.plan = plan;
    this.programs = programs;
    this.folder = folder;
  }

  /** Makes so many cuts, whose ages the seed determines. */
  static List<Cut> make(Plan plan, int cuts, int pairs, long seed, Path folder) throws Exception {
    Cuts made = new Cuts(plan, Programs.compile(folder), folder);
    ExecutorService threads = Executors.newFixedThreadPool(pairs);
    try {
      List<Future<List<Cut>>> shares = new ArrayList<>();
      for (int pair = 0; pair < pairs; pair++) {
        int number = pair;
        int share = cuts / pairs + (pair < cuts % pairs ? 1 : 0);
        shares.add(threads.submit(() -> made.share(number, share, new Random(seed + number))));
      }
      List<Cut> all = new ArrayList<>();
      for (Future<List<Cut>> share : shares) {
        all.addAll(share.get());
      }
      return all;
    } finally {
      threads.shutdownNow();
    }
  }

  private List<Cut> share(int number, int cuts, Random random) throws Exception {
    List<Cut> made = new ArrayList<>();
    try (Pair pair = Pair.open(plan, programs, folder.resolve("pair" + number))) {
      while (made.size() < cuts) {
        Cut cut = pair.cut(plan.age(random));
        made.add(cut);
        System.err.printf(Locale.ROOT, "pair %d: %s%n", number, cut);
      }
    }
    return made;
  }
}
