package io.github.keepalive4j.bench.report;

import io.github.keepalive4j.bench.measure.MassDeath;
import io.github.keepalive4j.bench.measure.Samples;
import io.github.keepalive4j.bench.peer.Ending;
import io.github.keepalive4j.bench.subject.Contender;
import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.style.Styler;
import org.knowm.xchart.style.markers.SeriesMarkers;

/** The charts by file name. */
final class Charts {
  private static final int WIDTH = 900;
  private static final int HEIGHT = 480;
  private static final int STEPS = 400;

  /**
   * How far beyond the slowest subject's p90 the axis goes; the tables have the rest of the tail.
   */
  private static final double TAIL = 1.4;

  /** This project's own subjects are blue, the others warm, the floor grey. */
  private static final Map<String, Color> COLORS =
      Map.of(
          Contender.FLOOR.key(), new Color(0x8A8A8A),
          Contender.FLOOR_EVIDENCE.key(), new Color(0x3C4043),
          Contender.NATIVE.key(), new Color(0x0B57D0),
          Contender.NATIVE_EXECUTOR.key(), new Color(0x63A4FF),
          Contender.NATIVE_AWAIT.key(), new Color(0x00897B),
          Contender.JDK_SELECTOR.key(), new Color(0xD93025),
          Contender.JDK_BLOCKING.key(), new Color(0xF29900),
          Contender.NETTY.key(), new Color(0x8E24AA));

  private Charts() {}

  static Map<String, XYChart> of(Results results) {
    Map<String, XYChart> charts = new LinkedHashMap<>();
    for (Map.Entry<Ending, Map<String, Samples>> ending : results.peerDeath().entrySet()) {
      String how = ending.getKey() == Ending.RESET ? "reset (RST)" : "closed (FIN)";
      charts.put(
          "peer-death-" + ending.getKey().key(),
          distributions(
              "A peer's process dies, its connection is " + how,
              "µs from the peer's close() to the callback",
              ending.getValue(),
              1e3,
              true));
    }
    if (!results.silence().isEmpty()) {
      charts.put(
          "silence",
          distributions(
              "The peer falls silent: what is added to the 6 s of keepalive",
              "ms from (last heard + idle + interval × count) to the callback",
              results.silence(),
              1e6,
              false));
    }
    if (!results.massDeath().isEmpty()) {
      charts.put("mass-death", growth(results.massDeath()));
    }
    return charts;
  }

  /** Draws the share of events that were reported by each time, from zero or from the earliest. */
  private static XYChart distributions(
      String title, String xTitle, Map<String, Samples> byKey, double nsPerUnit, boolean fromZero) {
    XYChart chart = chart(title, xTitle, "events reported by then");
    double left = Double.MAX_VALUE;
    double right = 0;
    for (Map.Entry<String, Samples> subject : byKey.entrySet()) {
      Samples samples = subject.getValue();
      double[] x = new double[STEPS];
      double[] y = new double[STEPS];
      for (int i = 0; i < STEPS; i++) {
        y[i] = percent(i);
        x[i] = samples.percentile(y[i]) / nsPerUnit;
      }
      line(chart, subject.getKey(), x, y);
      left = Math.min(left, x[0]);
      right = Math.max(right, samples.percentile(90) / nsPerUnit);
    }
    left = fromZero ? 0 : Math.floor(left);
    chart.getStyler().setXAxisMin(left).setXAxisMax(Math.ceil(left + (right - left) * TAIL));
    chart.getStyler().setYAxisMin(0.0).setYAxisMax(100.0);
    chart.setCustomYAxisTickLabelsFormatter(percent -> Math.round(percent) + " %");
    chart.getStyler().setLegendPosition(Styler.LegendPosition.InsideSE);
    return chart;
  }

  /** Denser towards the end; XChart puts its ticks on the points if these are equally far apart. */
  private static double percent(int step) {
    return 100 * Math.sin(Math.PI / 2 * (step + 1) / STEPS);
  }

  private static XYChart growth(Map<String, Map<Integer, MassDeath.Times>> byKey) {
    XYChart chart =
        chart(
            "Everything dies at once: how the time to the last callback grows",
            "links that were reset while the subject was held",
            "ms to the last callback");
    byKey.forEach(
        (key, byLinks) -> {
          NavigableMap<Integer, MassDeath.Times> sorted = new TreeMap<>(byLinks);
          List<Double> y =
              sorted.values().stream().map(times -> times.last().median() / 1e6).toList();
          XYSeries series = chart.addSeries(Tables.title(key), List.copyOf(sorted.keySet()), y);
          style(series, key);
          series.setMarker(SeriesMarkers.CIRCLE);
          series.setMarkerColor(COLORS.get(key));
        });
    chart.getStyler().setXAxisLogarithmic(true).setXAxisMax(10_000.0);
    chart.setCustomXAxisTickLabelsFormatter(links -> String.format(Locale.ROOT, "%,.0f", links));
    chart.getStyler().setYAxisLogarithmic(true);
    return chart;
  }

  private static XYChart chart(String title, String xTitle, String yTitle) {
    XYChart chart =
        new XYChartBuilder()
            .width(WIDTH)
            .height(HEIGHT)
            .title(title)
            .xAxisTitle(xTitle)
            .yAxisTitle(yTitle)
            .build();
    Font font = new Font(Font.SANS_SERIF, Font.PLAIN, 13);
    chart
        .getStyler()
        .setChartBackgroundColor(Color.WHITE)
        .setPlotBorderVisible(false)
        .setLegendPosition(Styler.LegendPosition.InsideNW)
        .setLegendBorderColor(Color.WHITE)
        .setLegendFont(font)
        .setChartTitleFont(font.deriveFont(Font.BOLD, 15f));
    chart.getStyler().setAxisTitleFont(font).setAxisTickLabelsFont(font);
    chart.getStyler().setPlotGridLinesColor(new Color(0xE3E3E3));
    return chart;
  }

  private static void line(XYChart chart, String key, double[] x, double[] y) {
    XYSeries series = chart.addSeries(Tables.title(key), x, y);
    style(series, key);
    series.setMarker(SeriesMarkers.NONE);
  }

  private static void style(XYSeries series, String key) {
    series.setLineColor(COLORS.get(key));
    series.setLineStyle(new BasicStroke(key.equals(Contender.NATIVE.key()) ? 3.2f : 1.8f));
  }
}
