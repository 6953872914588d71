package dev.gambeson.report;

import dev.gambeson.review.JudgedObject;
import dev.gambeson.review.Review;
import dev.gambeson.rule.Grounds;
import dev.gambeson.verdict.Exempted;
import dev.gambeson.verdict.Finding;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import javax.xml.stream.XMLOutputFactory;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamWriter;

/**
 * The verdicts as test results in the XML of JUnit: a suite for each object, and a test case for
 * each rule that its profile checks.
 *
 * @param failOn what is a failure; what is warned of besides is the output of a case that passes
 */
public record JUnitReport(FailOn failOn) implements ReviewReport {

  /** A test case: it fails, or cannot be run, or is exempted, or passes with some output. */
  private record Case(String name, List<String> failures, List<String> exemptions, String output) {}

  @Override
  public String write(Review review) {
    var suites = new LinkedHashMap<String, List<Case>>();
    for (var file : review.files()) {
      for (var object : file.objects()) {
        suites
            .computeIfAbsent(object.title() + " (" + file.name() + ")", suite -> new ArrayList<>())
            .addAll(cases(object));
      }
    }
    var text = new StringWriter();
    try {
      var xml = XMLOutputFactory.newInstance().createXMLStreamWriter(text);
      xml.writeStartDocument("UTF-8", "1.0");
      xml.writeCharacters("\n");
      xml.writeStartElement("testsuites");
      xml.writeCharacters("\n");
      for (var suite : suites.entrySet()) {
        writeSuite(suite.getKey(), suite.getValue(), xml);
      }
      writeProblems(review.problems(), xml);
      xml.writeEndElement();
      xml.writeEndDocument();
      xml.close();
    } catch (XMLStreamException e) {
      throw new IllegalStateException("a text takes any XML", e);
    }
    return text + "\n";
  }

  private List<Case> cases(JudgedObject object) {
    var findings = new LinkedHashMap<String, List<Finding>>();
    var exempted = new LinkedHashMap<String, List<Exempted>>();
    for (var rule : object.review().choice().profile().reporting()) {
      findings.put(rule.name(), new ArrayList<>());
    }
    for (var finding : object.review().findings()) {
      findings.computeIfAbsent(finding.violation().rule(), rule -> new ArrayList<>()).add(finding);
    }
    for (var each : object.review().exempted()) {
      exempted.computeIfAbsent(each.violation().rule(), rule -> new ArrayList<>()).add(each);
    }
    var cases = new ArrayList<Case>();
    findings.forEach((rule, found) ->
        cases.add(aCase(object, rule, found, exempted.getOrDefault(rule, List.of()))));
    return cases;
  }

  private Case aCase(
      JudgedObject object, String rule, List<Finding> findings, List<Exempted> exempted) {
    var failures = new ArrayList<String>();
    var output = new StringBuilder();
    for (var finding : findings) {
      if (failOn.fails(finding.mode())) {
        failures.add(ViolationText.line(finding.violation(), object));
      } else {
        output
            .append(finding.mode().name().toLowerCase(Locale.ROOT))
            .append(": ")
            .append(ViolationText.line(finding.violation(), object))
            .append('\n');
      }
    }
    var exemptions = new ArrayList<String>();
    for (var each : exempted) {
      exemptions.add(
          ViolationText.line(each.violation(), object)
              + " ("
              + String.join("; ", each.grounds().stream().map(Grounds::toString).toList())
              + ")");
    }
    return new Case(rule, failures, exemptions, output.toString());
  }

  private static void writeSuite(String name, List<Case> cases, XMLStreamWriter xml)
      throws XMLStreamException {
    startSuite(
        name,
        Map.of(
            "tests",
            (long) cases.size(),
            "failures",
            cases.stream().filter(each -> !each.failures().isEmpty()).count(),
            "errors",
            0L,
            "skipped",
            cases.stream().filter(JUnitReport::isSkipped).count()),
        xml);
    for (var each : cases) {
      startCase(name, each.name(), xml);
      if (!each.failures().isEmpty()) {
        writeOutcome("failure", each.failures(), xml);
      } else if (isSkipped(each)) {
        xml.writeEmptyElement("skipped");
        attribute("message", String.join("\n", each.exemptions()), xml);
      }
      if (!each.output().isEmpty()) {
        xml.writeStartElement("system-out");
        xml.writeCharacters(valid(each.output()));
        xml.writeEndElement();
      }
      end(xml);
    }
    end(xml);
  }

  private static boolean isSkipped(Case each) {
    return each.failures().isEmpty() && !each.exemptions().isEmpty();
  }

  private static void writeProblems(List<String> problems, XMLStreamWriter xml)
      throws XMLStreamException {
    if (problems.isEmpty()) {
      return;
    }
    long count = problems.size();
    startSuite(
        "input", Map.of("tests", count, "failures", 0L, "errors", count, "skipped", 0L), xml);
    for (var problem : problems) {
      startCase("input", problem, xml);
      writeOutcome("error", List.of(problem), xml);
      end(xml);
    }
    end(xml);
  }

  private static void startSuite(String name, Map<String, Long> counts, XMLStreamWriter xml)
      throws XMLStreamException {
    xml.writeStartElement("testsuite");
    attribute("name", name, xml);
    for (var count : List.of("tests", "failures", "errors", "skipped")) {
      attribute(count, String.valueOf(counts.get(count)), xml);
    }
    attribute("time", "0", xml);
    xml.writeCharacters("\n");
  }

  private static void startCase(String className, String name, XMLStreamWriter xml)
      throws XMLStreamException {
    xml.writeStartElement("testcase");
    attribute("classname", className, xml);
    attribute("name", name, xml);
    attribute("time", "0", xml);
  }

  private static void writeOutcome(String element, List<String> messages, XMLStreamWriter xml)
      throws XMLStreamException {
    xml.writeStartElement(element);
    attribute("type", element, xml);
    attribute("message", messages.getFirst(), xml);
    xml.writeCharacters(valid(String.join("\n", messages)));
    xml.writeEndElement();
  }

  private static void end(XMLStreamWriter xml) throws XMLStreamException {
    xml.writeEndElement();
    xml.writeCharacters("\n");
  }

  private static void attribute(String name, String value, XMLStreamWriter xml)
      throws XMLStreamException {
    xml.writeAttribute(name, valid(value));
  }

  /** Without what XML 1.0 cannot hold. */
  private static String valid(String text) {
    var valid = new StringBuilder();
    text.codePoints()
        .map(character -> isValid(character) ? character : '\uFFFD')
        .forEach(valid::appendCodePoint);
    return valid.toString();
  }

  private static boolean isValid(int character) {
    return character == '\t'
        || character == '\n'
        || character == '\r'
        || (character >= 0x20 && character <= 0xD7FF)
        || (character >= 0xE000 && character <= 0xFFFD)
        || character >= 0x10000;
  }
}
