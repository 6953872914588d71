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
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gives a test class the {@link Cluster}, one for all classes of a run. Where the binaries of
 * Kubernetes are not installed the class is skipped.
 */
final class ClusterExtension implements ExecutionCondition, ParameterResolver {
  private static final Logger LOG = LoggerFactory.getLogger(ClusterExtension.class);
  private static final String NOT_INSTALLED =
      "the binaries of Kubernetes are not installed; e2e/binaries installs them";
  private static final Namespace NAMESPACE = Namespace.create(Cluster.class);

  /** Keeps the logs of the last run. */
  private static final Path FOLDER = Path.of("target", "apiserver");

  @Override
  public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
    if (Binaries.installed().isPresent()) {
      return ConditionEvaluationResult.enabled("the binaries of Kubernetes are installed");
    }
    LOG.warn("{} is SKIPPED: {}", context.getDisplayName(), NOT_INSTALLED);
    return ConditionEvaluationResult.disabled(NOT_INSTALLED);
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
