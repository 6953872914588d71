package dev.gambeson.browser;

import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Gives a test class the {@link Chromium}, one for all classes of a run; without one, skips it. */
public final class BrowserExtension implements ExecutionCondition, ParameterResolver {
  private static final Logger LOG = LoggerFactory.getLogger(BrowserExtension.class);
  private static final Namespace NAMESPACE = Namespace.create(Chromium.class);

  @Override
  public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
    if (Chromium.installed().isPresent()) {
      return ConditionEvaluationResult.enabled("chromium is installed");
    }
    var reason = "chromium is not installed; apt-get install chromium does it";
    if (context.getTestMethod().isEmpty()) {
      LOG.warn("{} is SKIPPED: {}", context.getRequiredTestClass().getSimpleName(), reason);
    }
    return ConditionEvaluationResult.disabled(reason);
  }

  @Override
  public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
    return parameter.getParameter().getType() == Chromium.class;
  }

  @Override
  public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
    return context
        .getRoot()
        .getStore(NAMESPACE)
        .computeIfAbsent(
            Chromium.class,
            key -> new Chromium(Chromium.installed().orElseThrow()),
            Chromium.class);
  }
}
