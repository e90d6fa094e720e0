package io.github.keepalive4j.soak.matrix;

import io.github.keepalive4j.soak.program.Programs;
import io.github.keepalive4j.soak.program.Testbed;
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

/** Runs rows in parallel, each in a lab that no other row uses meanwhile. */
final class Matrix {
  private final List<Row> rows;
  private final Ages ages;
  private final Queue<Row> left;
  private final AtomicInteger numbers = new AtomicInteger();
  private final Consumer<List<Cell>> onRun;

  private Matrix(List<Row> rows, Ages ages, Consumer<List<Cell>> onRun) {
    this.rows = rows;
    this.ages = ages;
    this.left = new ConcurrentLinkedQueue<>(rows);
    this.onRun = onRun;
  }

  /**
   * Runs all rows.
   *
   * @param ages for how long each row's links are left alone
   * @param labs how many rows run at once
   * @param onRun takes the cells of each row that has run, one row at a time
   * @return the cells of all rows
   */
  static List<Cell> run(List<Row> rows, Ages ages, int labs, Consumer<List<Cell>> onRun)
      throws IOException, InterruptedException {
    return new Matrix(rows, ages, onRun).run(labs);
  }

  private List<Cell> run(int labs) throws IOException, InterruptedException {
    ExecutorService threads = Executors.newFixedThreadPool(labs);
    List<Testbed> testbeds = new ArrayList<>();
    try {
      for (int i = 0; i < Math.min(labs, rows.size()); i++) {
        // all before the first row, because the start of many JVMs would disturb it
        testbeds.add(Testbed.open(1, (host, sources) -> Programs.backup(host)));
      }
      List<Future<List<Cell>>> running = new ArrayList<>();
      testbeds.forEach(testbed -> running.add(threads.submit(() -> runOn(testbed))));
      List<Cell> cells = new ArrayList<>();
      for (Future<List<Cell>> each : running) {
        cells.addAll(each.get());
      }
      return cells;
    } catch (ExecutionException e) {
      throw new IOException("the matrix could not be run", e.getCause());
    } finally {
      threads.shutdownNow();
      for (Testbed testbed : testbeds) {
        testbed.close();
      }
    }
  }

  private List<Cell> runOn(Testbed testbed) throws IOException, InterruptedException {
    List<Cell> cells = new ArrayList<>();
    try {
      for (Row row = left.poll(); row != null; row = left.poll()) {
        List<Cell> ofRow = RowRun.run(testbed, row, ages.of(row), numbers.incrementAndGet());
        cells.addAll(ofRow);
        report(ofRow);
      }
    } catch (IOException | RuntimeException e) {
      left.clear();
      throw e;
    }
    return cells;
  }

  private synchronized void report(List<Cell> ofRow) {
    onRun.accept(ofRow);
  }
}
