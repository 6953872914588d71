package dev.gambeson.adopt;

import dev.gambeson.config.ConfigurationWriter;
import dev.gambeson.verdict.Configuration.NamespaceProfile;
import dev.gambeson.verdict.Exemption;
import dev.gambeson.yaml.YamlWriter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.stream.Collectors;

/**
 * What a plan puts in force.
 *
 * @param configuration a {@code GambesonConfig}; exemptions that are new lack reason and approver
 * @param namespaces the Namespaces whose labels change, as YAML; empty where none do
 */
public record PlanFiles(String configuration, String namespaces) {

  /**
   * Writes the files of a plan.
   *
   * @param configuration the text of the configuration in force; empty for the built-in one
   */
  public static PlanFiles of(Plan plan, String configuration) {
    var pins = new ArrayList<NamespaceProfile>();
    var exemptions = new ArrayList<Exemption>();
    for (var namespace : plan.namespaces()) {
      exemptions.addAll(namespace.exemptions().keySet());
      if (namespace.isToBePinned()) {
        pins.add(new NamespaceProfile(List.of(namespace.name()), namespace.profile()));
      }
    }
    return new PlanFiles(
        ConfigurationWriter.extend(configuration, pins, exemptions),
        plan.namespaces().stream()
            .filter(namespace -> !namespace.labels().isEmpty())
            .map(PlanFiles::document)
            .collect(Collectors.joining("---\n")));
  }

  private static String document(NamespacePlan namespace) {
    var metadata = new LinkedHashMap<String, Object>();
    metadata.put("name", namespace.name());
    metadata.put("labels", namespace.labels());
    var document = new LinkedHashMap<String, Object>();
    document.put("apiVersion", "v1");
    document.put("kind", "Namespace");
    document.put("metadata", metadata);
    return YamlWriter.write(document);
  }

  /** Both, as documents of one text. */
  public String text() {
    return namespaces.isEmpty() ? configuration : configuration + "---\n" + namespaces;
  }
}
