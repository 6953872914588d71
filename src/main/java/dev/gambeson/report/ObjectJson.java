package dev.gambeson.report;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gambeson.review.JudgedObject;
import dev.gambeson.review.ReviewedFile;
import dev.gambeson.rule.Grounds;
import dev.gambeson.rule.Removal;
import dev.gambeson.rule.Violation;
import dev.gambeson.verdict.Finding;
import dev.gambeson.verdict.FixResult;
import dev.gambeson.yaml.Position;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Writes the verdict on one object as JSON. */
final class ObjectJson {
  private final JudgedObject object;
  private final ReviewedFile.Document document;
  private final ContainerGroups containers;

  ObjectJson(JudgedObject object, ReviewedFile.Document document) {
    this.object = object;
    this.document = document;
    containers = new ContainerGroups(object);
  }

  void write(String file, ObjectNode node) {
    var review = object.review();
    node.put("kind", review.kind());
    node.put("namespace", review.namespace());
    node.put("name", review.name());
    writeFixes(review.fixed(), node.putArray("fixed"));
    var violations = node.putArray("violations");
    review.findings().forEach(finding -> write(finding, violations.addObject()));
    node.put("allowed", review.allowed());
    node.put("apiVersion", object.source().apiVersion());
    node.put("verdict", spelt(object.verdict()));
    node.put("profile", review.choice().profile().name());
    node.put("file", file);
    node.put("template", object.pod().toString());
    var positions = document.positions();
    if (positions != null) {
      node.put("document", positions.number());
      put(positions.ofField(object.place()), node);
    }
    writeFixes(review.audited(), node.putArray("audited"));
    var exempted = node.putArray("exempted");
    for (var each : review.exempted()) {
      var written = exempted.addObject();
      write(each.violation(), written);
      write(each.grounds(), each.warnings(), written);
    }
    var exemptedFixes = node.putArray("exemptedFixes");
    for (var each : review.exemptedFixes()) {
      for (var change : each.fix().changes()) {
        var written = exemptedFixes.addObject();
        write(each.fix().rule(), change, written);
        write(each.grounds(), each.warnings(), written);
      }
    }
    var notes = node.putArray("notes");
    object.notes().forEach(notes::add);
    review.notes().forEach(notes::add);
    review.fixed().forEach(fix -> fix.messages().forEach(notes::add));
  }

  private void writeFixes(List<FixResult> fixes, ArrayNode written) {
    for (var fix : fixes) {
      fix.changes().forEach(change -> write(fix.rule(), change, written.addObject()));
    }
  }

  private void write(String rule, FixResult.Change change, ObjectNode node) {
    var path = change.path().under(object.place());
    node.put("rule", rule);
    node.put("path", path.toString());
    node.put("container", containers.container(object.inPod(change.path())));
    node.set("value", value(change.after()));
    node.set("before", value(change.before()));
    node.put("risk", change.risk().toString());
    var positions = document.positions();
    if (positions != null) {
      put(positions.ofChange(path), node);
    }
  }

  private void write(Finding finding, ObjectNode node) {
    var violation = finding.violation();
    var remedy = object.review().remedy(finding);
    node.put("rule", violation.rule());
    node.put("mode", spelt(finding.mode()));
    node.put("path", object.path(violation).toString());
    node.put("container", violation.container());
    node.put("message", finding.message(object.pod()));
    node.put("fix", remedy.isEmpty() ? null : remedy);
    object
        .review()
        .filledInLaterBy(finding)
        .ifPresent(filler -> node.put("mayBeFilledIn", true).put("filledInBy", filler));
    write(violation, node);
    node.set("remedy", remedy(violation));
    node.put("enforceFrom", Objects.toString(finding.enforceFrom(), null));
    node.put("remark", finding.remark().isEmpty() ? null : finding.remark());
  }

  /** What a violation and an exempted one have in common. */
  private void write(Violation violation, ObjectNode node) {
    var path = object.path(violation);
    node.put("rule", violation.rule());
    node.put("path", path.toString());
    node.put("container", violation.container());
    node.put("podSecurity", violation.level() == null ? null : spelt(violation.level()));
    node.put("found", violation.found());
    node.put("wanted", violation.wanted());
    var positions = document.positions();
    if (positions != null) {
      put(positions.ofField(path), node);
    }
  }

  /** What to do with the field; null where only the author can know. */
  private static @Nullable JsonNode remedy(Violation violation) {
    var node = JsonNodeFactory.instance.objectNode();
    return switch (violation.remedy()) {
      case null -> null;
      case Removal.FIELD -> node.put("action", "remove");
      case Removal.ELEMENT -> node.put("action", "removeElement");
      case Object value -> node.put("action", "set").set("value", value(value));
    };
  }

  private static void write(List<Grounds> exemptions, List<String> warnings, ObjectNode node) {
    var written = node.putArray("exemptions");
    for (var each : exemptions) {
      written
          .addObject()
          .put("approvedBy", each.approvedBy())
          .put("reason", each.reason())
          .put("expires", each.expires());
    }
    warnings.forEach(node.putArray("warnings")::add);
  }

  private static void put(Position position, ObjectNode node) {
    node.put("line", position.line()).put("column", position.column());
  }

  private static @Nullable JsonNode value(@Nullable Object value) {
    return value == null ? null : FlowValue.json(value);
  }

  private static String spelt(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT);
  }
}
