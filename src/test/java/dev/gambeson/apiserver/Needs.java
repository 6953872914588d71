package dev.gambeson.apiserver;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * The binaries that a test needs beside those of the API server ({@link Binaries#API_SERVER}).
 * Where one is not installed the test is skipped.
 */
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.TYPE, ElementType.METHOD})
@interface Needs {
  String CONTROLLER_MANAGER = "kube-controller-manager";
  String CERT_MANAGER = "cert-manager";

  /** Their names. */
  String[] value();
}
