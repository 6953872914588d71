package dev.gambeson.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import org.w3c.dom.Element;

class PlotTest {

  @Test
  void barsHaveALengthInProportionAndALabel() throws Exception {
    var plot =
        parse(
            Plot.bars(
                "Reviews",
                "rate",
                Series.read(
                    List.of(
                        "throughput\tmutate\ttree\t1\trate\t100",
                        "throughput\tmutate\tgambeson\t1\trate\t50",
                        "throughput\tmutate\tgambeson\t1\tother\t7"))));

    var bars = plot.getElementsByTagName("rect");
    assertThat(bars.getLength()).isEqualTo(3);
    assertThat(width(plot, 1)).isEqualTo(2 * width(plot, 2));
    assertThat(plot.getDocumentElement().getTextContent())
        .contains("mutate, tree", "mutate, gambeson", "50.0");
  }

  @Test
  void aLineHasAPointForEachSize() throws Exception {
    var plot =
        parse(
            Plot.lines(
                "Bytes",
                "KB",
                Series.read(
                    List.of(
                        "growth\tmounts\tgambeson\t10\tKB\t1",
                        "growth\tmounts\tgambeson\t20\tKB\t2"))));

    var line = (Element) plot.getElementsByTagName("polyline").item(0);
    assertThat(line.getAttribute("points").split(" ")).hasSize(2);
    assertThat(plot.getDocumentElement().getTextContent()).contains("mounts");
  }

  private static double width(Document plot, int bar) {
    var element = (Element) plot.getElementsByTagName("rect").item(bar);
    return Double.parseDouble(element.getAttribute("width"));
  }

  private static Document parse(String svg) throws Exception {
    return DocumentBuilderFactory.newInstance()
        .newDocumentBuilder()
        .parse(new ByteArrayInputStream(svg.getBytes(StandardCharsets.UTF_8)));
  }
}
