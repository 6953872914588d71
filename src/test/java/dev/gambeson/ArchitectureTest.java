package dev.gambeson;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.simpleName;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.library.dependencies.SliceAssignment;
import com.tngtech.archunit.library.dependencies.SliceIdentifier;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Dependencies point downwards only. */
class ArchitectureTest {
  private static final List<String> FROM_THE_TOP =
      List.of(
          "cli",
          "server",
          "cluster",
          "tls",
          "metrics",
          "playground",
          "adopt",
          "explain",
          "report",
          "review",
          "config",
          "admission",
          "advice",
          "verdict",
          "rules",
          "rule",
          "model",
          "pod",
          "yaml",
          "reload");

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

  /** In the configuration, not even classes depend on each other in a circle. */
  @Test
  void theConfigurationHasNoCircle() {
    slices()
        .assignedFrom(new OutermostClasses("dev.gambeson.config"))
        .should()
        .beFreeOfCycles()
        .check(CLASSES);
  }

  /** Each class of a package with those inside it. */
  private record OutermostClasses(String packageName) implements SliceAssignment {
    @Override
    public SliceIdentifier getIdentifierOf(JavaClass each) {
      return each.getPackageName().equals(packageName)
          ? SliceIdentifier.of(each.getName().replaceFirst("[$].*", ""))
          : SliceIdentifier.ignore();
    }

    @Override
    public String getDescription() {
      return "the classes of " + packageName;
    }
  }

  /** A verdict asks nobody: not the API server, which 5,000 nodes load, and no other service. */
  @Test
  void theRequestPathHasNoClient() {
    noClasses()
        .that()
        .resideOutsideOfPackages("dev.gambeson.cli..", "dev.gambeson.cluster..")
        .should()
        .dependOnClassesThat(
            resideInAnyPackage("io.fabric8.kubernetes.client..", "java.net.http..")
                .or(simpleName("HttpClient"))
                .or(simpleName("WebClient"))
                .or(simpleName("NetClient"))
                .or(simpleName("Socket"))
                .or(simpleName("SocketChannel")))
        .check(CLASSES);
  }

  /** All commands are made when one starts, and the logging library takes long to start. */
  @Test
  void commandsAreMadeWithoutTheLoggingLibrary() {
    noClasses()
        .that()
        .resideInAPackage("dev.gambeson.cli..")
        .and()
        .haveSimpleNameEndingWith("Command")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("org.slf4j..")
        .check(CLASSES);
  }

  @Test
  void rulesAndPodSeeOnlyTheJdkTheModelAndJSpecify() {
    classes()
        .that()
        .resideInAnyPackage("dev.gambeson.rules..", "dev.gambeson.rule..", "dev.gambeson.pod..")
        .should()
        .onlyDependOnClassesThat()
        .resideInAnyPackage(
            "java..",
            "io.fabric8.kubernetes.api.model..",
            "org.jspecify.annotations..",
            "dev.gambeson.rules..",
            "dev.gambeson.rule..",
            "dev.gambeson.pod..")
        .check(CLASSES);
  }
}
