package dev.gambeson.apiserver;

import java.nio.file.Path;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolutionException;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * Gives a test class the {@link Cluster}, one for all classes of a run. Where the binaries of
 * Kubernetes are not installed the class is skipped.
 */
final class ClusterExtension implements ExecutionCondition, ParameterResolver {
  private static final Namespace NAMESPACE = Namespace.create(Cluster.class);

  /** Keeps the logs of the last run. */
  private static final Path FOLDER = Path.of("target", "apiserver");

  @Override
  public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
    return Binaries.installed().isPresent()
        ? ConditionEvaluationResult.enabled("Kubernetes is installed")
        : ConditionEvaluationResult.disabled(
            "the binaries of Kubernetes are not installed; e2e/binaries installs them");
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
      return new Cluster(Binaries.installed().orElseThrow(), FOLDER);
    } catch (Exception e) {
      throw new ParameterResolutionException("Kubernetes did not start", e);
    }
  }
}
