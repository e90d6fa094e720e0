package io.github.keepalive4j.soak.matrix;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/** Plays rows side by side, each in a lab that it has for itself meanwhile. */
final class Matrix {
  private final List<Row> rows;
  private final Queue<Row> left;
  private final AtomicInteger numbers = new AtomicInteger();
  private final Consumer<List<Cell>> onPlayed;

  private Matrix(List<Row> rows, Consumer<List<Cell>> onPlayed) {
    this.rows = rows;
    this.left = new ConcurrentLinkedQueue<>(rows);
    this.onPlayed = onPlayed;
  }

  /**
   * Plays all rows.
   *
   * @param labs how many rows are played at once
   * @param onPlayed hears of each row that was played, one at a time
   * @return the cells of all rows
   */
  static List<Cell> play(List<Row> rows, int labs, Consumer<List<Cell>> onPlayed)
      throws IOException, InterruptedException {
    return new Matrix(rows, onPlayed).play(labs);
  }

  private List<Cell> play(int labs) throws IOException, InterruptedException {
    ExecutorService threads = Executors.newFixedThreadPool(labs);
    List<Stage> stages = new ArrayList<>();
    try {
      for (int i = 0; i < Math.min(labs, rows.size()); i++) {
        stages.add(Stage.open()); // all before the first row, which many JVMs' start would disturb
      }
      List<Future<List<Cell>>> played = new ArrayList<>();
      stages.forEach(stage -> played.add(threads.submit(() -> playOn(stage))));
      List<Cell> cells = new ArrayList<>();
      for (Future<List<Cell>> each : played) {
        cells.addAll(each.get());
      }
      return cells;
    } catch (ExecutionException e) {
      throw new IOException("the matrix could not be played", e.getCause());
    } finally {
      threads.shutdownNow();
      for (Stage stage : stages) {
        stage.close();
      }
    }
  }

  private List<Cell> playOn(Stage stage) throws IOException, InterruptedException {
    List<Cell> cells = new ArrayList<>();
    try {
      for (Row row = left.poll(); row != null; row = left.poll()) {
        List<Cell> played = RowRun.play(stage, row, numbers.incrementAndGet());
        cells.addAll(played);
        tell(played);
      }
    } catch (IOException | RuntimeException e) {
      left.clear();
      throw e;
    }
    return cells;
  }

  private synchronized void tell(List<Cell> played) {
    onPlayed.accept(played);
  }
}
