package dev.gambeson.e2e;

import java.io.IOException;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ExtensionContext.Store;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolutionException;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * Gives a test the {@link KubectlCluster}, and the {@link Release} installed in it; both are the
 * same for all tests of a run. What a class made in the cluster goes when the class ends.
 */
final class WholeCluster implements ParameterResolver, AfterAllCallback {
  private static final Namespace NAMESPACE = Namespace.create(WholeCluster.class);

  @Override
  public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
    var type = parameter.getParameter().getType();
    return type == KubectlCluster.class || type == Release.class;
  }

  @Override
  public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
    var store = context.getRoot().getStore(NAMESPACE);
    var cluster = cluster(store);
    if (parameter.getParameter().getType() == KubectlCluster.class) {
      return cluster;
    }
    var release = store.computeIfAbsent(Release.class, key -> new Release(cluster), Release.class);
    try {
      release.install();
      return release;
    } catch (IOException e) {
      throw new ParameterResolutionException("the README cannot be read", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ParameterResolutionException("interrupted", e);
    }
  }

  @Override
  public void afterAll(ExtensionContext context) {
    cluster(context.getRoot().getStore(NAMESPACE)).deleteNamespaces();
  }

  private static KubectlCluster cluster(Store store) {
    return store.computeIfAbsent(
        KubectlCluster.class,
        key -> KubectlCluster.of(System.getenv("KUBECONFIG")),
        KubectlCluster.class);
  }
}
