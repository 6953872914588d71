package dev.gambeson;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Dependencies between packages point downwards only. */
class ArchitectureTest {
  private static final List<String> FROM_THE_TOP =
      List.of(
          "cli",
          "server",
          "cluster",
          "tls",
          "metrics",
          "config",
          "admission",
          "rules",
          "pod",
          "yaml");

  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages("dev.gambeson");

  @Test
  void packagesDependDownwardsOnly() {
    for (int i = 1; i < FROM_THE_TOP.size(); i++) {
      var above =
          FROM_THE_TOP.subList(0, i).stream()
              .map(name -> "dev.gambeson." + name + "..")
              .toArray(String[]::new);
      noClasses()
          .that()
          .resideInAPackage("dev.gambeson." + FROM_THE_TOP.get(i) + "..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(above)
          .allowEmptyShould(true)
          .check(CLASSES);
    }
  }

  @Test
  void rulesAndPodSeeOnlyTheJdkTheModelAndJSpecify() {
    classes()
        .that()
        .resideInAnyPackage("dev.gambeson.rules..", "dev.gambeson.pod..")
        .should()
        .onlyDependOnClassesThat()
        .resideInAnyPackage(
            "java..",
            "io.fabric8.kubernetes.api.model..",
            "org.jspecify.annotations..",
            "dev.gambeson.rules..",
            "dev.gambeson.pod..")
        .check(CLASSES);
  }
}
