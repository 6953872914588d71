package dev.gambeson.apiserver;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolutionException;
import org.junit.jupiter.api.extension.ParameterResolver;
import org.junit.platform.commons.support.AnnotationSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gives a test class the {@link Cluster}, one for all classes of a run. Where the binaries of the
 * API server are not installed the class is skipped, and so is what {@link Needs} another one.
 */
final class ClusterExtension implements ExecutionCondition, ParameterResolver {
  private static final Logger LOG = LoggerFactory.getLogger(ClusterExtension.class);
  private static final Namespace NAMESPACE = Namespace.create(Cluster.class);

  /** Keeps the logs of the last run. */
  private static final Path FOLDER = Path.of("target", "apiserver");

  @Override
  public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
    var needed =
        AnnotationSupport.findAnnotation(context.getElement(), Needs.class)
            .map(Needs::value)
            .map(List::of)
            .orElse(List.of());
    var missing =
        Binaries.installed().map(binaries -> binaries.missing(needed)).orElse(Binaries.API_SERVER);
    if (missing.isEmpty()) {
      return ConditionEvaluationResult.enabled("what it needs is installed");
    }
    var reason = String.join(", ", missing) + " not installed; e2e/binaries does it";
    LOG.warn("{} is SKIPPED: {}", name(context), reason);
    return ConditionEvaluationResult.disabled(reason);
  }

  private static String name(ExtensionContext context) {
    var method = context.getTestMethod().map(each -> "." + each.getName()).orElse("");
    return context.getRequiredTestClass().getSimpleName() + method;
  }

  @Override
  public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
    return parameter.getParameter().getType() == Cluster.class;
  }

  @Override
  public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
    return context
        .getRoot()
        .getStore(NAMESPACE)
        .computeIfAbsent(Cluster.class, key -> start(), Cluster.class);
  }

  private static Cluster start() {
    try {
      return new Cluster(Binaries.installed().orElseThrow(), FOLDER, List.of());
    } catch (Exception e) {
      throw new ParameterResolutionException("Kubernetes did not start", e);
    }
  }
}
