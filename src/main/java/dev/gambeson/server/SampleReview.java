package dev.gambeson.server;

/** A review like those of the API server: to try the server with, and to warm it up with. */
public final class SampleReview {
  /** In one line, without a single quote in it. */
  public static final String JSON =
      """
      {"apiVersion":"admission.k8s.io/v1","kind":"AdmissionReview","request":{"uid":"try-it",\
      "kind":{"group":"","version":"v1","kind":"Pod"},"operation":"CREATE","namespace":"default",\
      "object":{"metadata":{"name":"web"},"spec":{"containers":[{"name":"web","image":"nginx"}]}}}}\
      """;

  private SampleReview() {}
}
