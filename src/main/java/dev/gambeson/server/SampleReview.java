package dev.gambeson.server;

/** A review like those of the API server, to try the server and to warm it up. */
public final class SampleReview {
  /** One line, without single quotes. */
  public static final String JSON =
      """
      {"apiVersion":"admission.k8s.io/v1","kind":"AdmissionReview","request":{"uid":"try-it",\
      "kind":{"group":"","version":"v1","kind":"Pod"},"operation":"CREATE","namespace":"default",\
      "object":{"metadata":{"name":"web"},"spec":{"containers":[{"name":"web","image":"nginx"}]}}}}\
      """;

  private SampleReview() {}
}
