package dev.gambeson.e2e;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.ExtendWith;

/** Tests in the whole cluster of {@code KUBECONFIG}: {@code mvn verify -Pe2e} runs them. */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.TYPE)
@Tag("e2e")
@ExtendWith(WholeCluster.class)
@interface EndToEnd {}
