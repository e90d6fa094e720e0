package io.github.keepalive4j.soak.run;

import io.github.keepalive4j.soak.check.Measure;
import io.github.keepalive4j.soak.load.Footprint;
import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.ToDoubleFunction;
import org.knowm.xchart.BitmapEncoder;
import org.knowm.xchart.BitmapEncoder.BitmapFormat;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.style.markers.SeriesMarkers;

/** Draws the footprint of a soak's backup: each measure over time, the warm-up in grey. */
final class Plot {
  static final String FILE = "soak.png";

  private static final int WIDTH = 700;
  private static final int HEIGHT = 300;
  private static final int COLUMNS = 2;
  private static final Color LINE = new Color(0x0B57D0);
  private static final Color WARM_UP = new Color(0x9AA0A6);
  private static final double NS_PER_MINUTE = 60e9;

  private final Result result;

  private Plot(Result result) {
    this.result = result;
  }

  static void write(Result result, Path directory) throws IOException {
    Plot plot = new Plot(result);
    List<XYChart> charts = new ArrayList<>();
    charts.add(plot.chart("links open", "", Footprint::links));
    Arrays.stream(Measure.values())
        .map(measure -> plot.chart(measure.title(), measure.unit(), measure::of))
        .forEach(charts::add);
    int rows = (charts.size() + COLUMNS - 1) / COLUMNS;
    BitmapEncoder.saveBitmap(
        charts, rows, COLUMNS, directory.resolve(FILE).toString(), BitmapFormat.PNG);
  }

  private XYChart chart(String title, String unit, ToDoubleFunction<Footprint> value) {
    XYChart chart =
        new XYChartBuilder()
            .width(WIDTH)
            .height(HEIGHT)
            .title(title)
            .xAxisTitle("minutes; grey: warm-up")
            .yAxisTitle(unit)
            .build();
    Font font = new Font(Font.SANS_SERIF, Font.PLAIN, 12);
    chart
        .getStyler()
        .setChartBackgroundColor(Color.WHITE)
        .setLegendVisible(false)
        .setPlotBorderVisible(false)
        .setChartTitleFont(font.deriveFont(Font.BOLD, 14f));
    chart.getStyler().setAxisTitleFont(font).setAxisTickLabelsFont(font);
    chart.getStyler().setPlotGridLinesColor(new Color(0xE3E3E3)).setYAxisMin(0.0);
    List<Footprint> warm = result.warm();
    List<Footprint> cold =
        result.footprints().stream()
            .filter(each -> each.links() > 0 && each.atNs() <= warm.get(0).atNs())
            .toList();
    line(chart, "warm-up", cold, value, WARM_UP);
    line(chart, "judged", warm, value, LINE);
    return chart;
  }

  private void line(
      XYChart chart,
      String name,
      List<Footprint> footprints,
      ToDoubleFunction<Footprint> value,
      Color color) {
    double[] minutes =
        footprints.stream()
            .mapToDouble(each -> (each.atNs() - result.startNs()) / NS_PER_MINUTE)
            .toArray();
    double[] values = footprints.stream().mapToDouble(value).toArray();
    XYSeries series = chart.addSeries(name, minutes, values);
    series.setMarker(SeriesMarkers.NONE);
    series.setLineColor(color);
    series.setLineStyle(new BasicStroke(1.6f));
  }
}
