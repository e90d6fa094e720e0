package io.github.keepalive4j.bench.report;

import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import javax.imageio.ImageIO;
import org.knowm.xchart.XYChart;

/** The page: charts and tables in one file, and the charts as PNG beside it. */
final class HtmlReport {
  private static final int SCALE = 2; // for displays with fine pixels

  private static final String HEAD =
      """
      <!DOCTYPE html>
      <html lang="en">
      <head>
      <meta charset="utf-8">
      <meta name="viewport" content="width=device-width">
      <title>keepalive4j benchmarks</title>
      <style>
      body { font: 15px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; \
      padding: 0 1rem; color: #202124; }
      img { max-width: 100%; }
      table { border-collapse: collapse; margin: .5rem 0 2rem; }
      th, td { padding: .2rem .8rem; border-bottom: 1px solid #e3e3e3; text-align: right; \
      font-variant-numeric: tabular-nums; }
      th:first-child, td:first-child { text-align: left; padding-left: 0; }
      code { background: #f1f3f4; padding: .1rem .3rem; }
      h2 { font-size: 1.1rem; margin-top: 2rem; }
      </style>
      </head>
      <body>
      <h1>keepalive4j: how soon is a dead peer noticed?</h1>
      <p>All subjects were measured in one run, interleaved in random order, against the same peer. \
      The floor is a C thread in poll(2) that reads the clock.</p>
      """;

  private HtmlReport() {}

  static void write(Path directory, Results results, List<Target> targets) throws IOException {
    StringBuilder page = new StringBuilder(HEAD);
    for (Map.Entry<String, XYChart> chart : Charts.of(results).entrySet()) {
      byte[] png = png(chart.getValue());
      Files.write(directory.resolve(chart.getKey() + ".png"), png);
      page.append("<p><img alt=\"").append(escaped(chart.getValue().getTitle()));
      page.append("\" src=\"data:image/png;base64,");
      page.append(Base64.getEncoder().encodeToString(png)).append("\"></p>\n");
    }
    Tables.of(results, targets).forEach(table -> append(table, page));
    append(machine(results), page);
    page.append("<p>To reproduce: <code>mvn -B verify &amp;&amp; java -jar ");
    page.append("tests/bench/target/benchmarks.jar report</code>, as root on an idle machine.</p>");
    page.append("\n</body>\n</html>\n");
    Files.writeString(directory.resolve("report.html"), page);
  }

  private static Table machine(Results results) {
    Table table = new Table("Machine", "", "");
    results.machine().forEach(table::add);
    return table;
  }

  private static byte[] png(XYChart chart) throws IOException {
    BufferedImage image =
        new BufferedImage(
            chart.getWidth() * SCALE, chart.getHeight() * SCALE, BufferedImage.TYPE_INT_RGB);
    Graphics2D graphics = image.createGraphics();
    graphics.scale(SCALE, SCALE);
    chart.paint(graphics, chart.getWidth(), chart.getHeight());
    graphics.dispose();
    ByteArrayOutputStream png = new ByteArrayOutputStream();
    ImageIO.write(image, "png", png);
    return png.toByteArray();
  }

  private static void append(Table table, StringBuilder page) {
    page.append("<h2>").append(escaped(table.title())).append("</h2>\n<table>\n");
    append(table.header(), "th", page);
    table.rows().forEach(row -> append(row, "td", page));
    page.append("</table>\n");
  }

  private static void append(List<String> cells, String tag, StringBuilder page) {
    page.append("<tr>");
    for (String cell : cells) {
      page.append('<').append(tag).append('>').append(escaped(cell));
      page.append("</").append(tag).append('>');
    }
    page.append("</tr>\n");
  }

  private static String escaped(String text) {
    return text.replace("&", "&amp;").replace("<", "&lt;").replace("\"", "&quot;");
  }
}
