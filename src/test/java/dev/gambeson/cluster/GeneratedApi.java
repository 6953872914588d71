package dev.gambeson.cluster;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.regex.Pattern;

/** An API server of a large cluster, which makes the pages of its lists when they are read. */
public final class GeneratedApi implements AutoCloseable {
  private static final int PER_NAMESPACE = 50;
  private static final Pattern CONTINUE = Pattern.compile("continue=([0-9]+)");

  private final int workloads;
  private final int pods;
  private final HttpServer server;
  private final Map<String, Integer> expired = new ConcurrentHashMap<>();
  private final Map<String, Integer> broken = new ConcurrentHashMap<>();
  private final Set<String> forbidden = ConcurrentHashMap.newKeySet();
  private final List<String> requests = new CopyOnWriteArrayList<>();

  /**
   * Starts one.
   *
   * @param pods of these Deployments, spread evenly
   */
  public GeneratedApi(int workloads, int pods) throws IOException {
    this.workloads = workloads;
    this.pods = pods;
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.createContext("/", this::answer);
    server.start();
  }

  /** Lets the continue token at that item of a list expire, once. */
  GeneratedApi expire(String plural, int item) {
    expired.put(plural, item);
    return this;
  }

  /** Breaks off in the middle of the page that begins with that item, once. */
  GeneratedApi breakOff(String plural, int item) {
    broken.put(plural, item);
    return this;
  }

  /** Refuses to list these. */
  public GeneratedApi forbid(String... plurals) {
    forbidden.addAll(List.of(plurals));
    return this;
  }

  /** The paths and queries that were asked for. */
  List<String> requests() {
    return List.copyOf(requests);
  }

  public ClusterAccess access(Path folder) throws IOException {
    var kubeconfig =
        Files.writeString(
            folder.resolve("kubeconfig"),
            """
            apiVersion: v1
            kind: Config
            current-context: c
            clusters: [{name: c, cluster: {server: "http://127.0.0.1:%d"}}]
            users: [{name: u, user: {token: t}}]
            contexts: [{name: c, context: {cluster: c, user: u}}]
            """
                .formatted(server.getAddress().getPort()));
    return new ClusterAccess(kubeconfig, null);
  }

  private void answer(HttpExchange exchange) throws IOException {
    var uri = exchange.getRequestURI().toString();
    requests.add(uri);
    var plural = exchange.getRequestURI().getPath().replaceFirst(".*/", "");
    var token = CONTINUE.matcher(uri);
    int first = token.find() ? Integer.parseInt(token.group(1)) : 0;
    if (forbidden.contains(plural)) {
      refuse(exchange, 403, plural + " is forbidden: User u cannot list it");
    } else if (first > 0 && expired.remove(plural, first)) {
      refuse(exchange, 410, "The provided continue parameter is too old");
    } else {
      exchange.sendResponseHeaders(200, 0);
      try (exchange;
          var body = exchange.getResponseBody()) {
        write(plural, first, body);
      }
    }
  }

  private static void refuse(HttpExchange exchange, int code, String message) throws IOException {
    var body =
        "{\"kind\":\"Status\",\"code\":%d,\"message\":\"%s\"}"
            .formatted(code, message)
            .getBytes(StandardCharsets.UTF_8);
    exchange.sendResponseHeaders(code, body.length);
    try (exchange) {
      exchange.getResponseBody().write(body);
    }
  }

  private void write(String plural, int first, OutputStream body) throws IOException {
    int all =
        switch (plural) {
          case "namespaces" -> Math.ceilDiv(workloads, PER_NAMESPACE);
          case "deployments", "replicasets" -> workloads;
          case "pods" -> pods;
          default -> 0;
        };
    int end = Math.min(all, first + ObjectList.PAGE);
    write(body, "{\"kind\":\"List\",\"metadata\":{");
    if (end < all) {
      write(body, "\"continue\":\"%d\",\"remainingItemCount\":%d".formatted(end, all - end));
    }
    write(body, "},\"items\":[");
    for (int i = first; i < end; i++) {
      if (i == first + (end - first) / 2 && broken.remove(plural, first)) {
        return;
      }
      write(body, (i == first ? "" : ",") + item(plural, i));
    }
    write(body, "]}");
  }

  private static void write(OutputStream body, String text) throws IOException {
    body.write(text.getBytes(StandardCharsets.UTF_8));
  }

  private String item(String plural, int i) {
    int workload = i % workloads;
    return switch (plural) {
      case "namespaces" -> "{\"metadata\":{\"name\":\"team-%d\",\"uid\":\"n%d\"}}".formatted(i, i);
      case "deployments" ->
          """
          {"metadata":{"name":"web-%1$d","namespace":"team-%2$d","uid":"d%1$d"%3$s},
           "spec":{"replicas":%4$d,"template":{"metadata":{"labels":{"app":"web"}},"spec":{%5$s}}},
           "status":{"replicas":%4$d}}\
          """
              .formatted(workload, workload / PER_NAMESPACE, MANAGED, pods / workloads, SPEC);
      case "replicasets" ->
          """
          {"metadata":{"name":"web-%1$d-5d4","namespace":"team-%2$d","uid":"r%1$d"%3$s,
            "ownerReferences":[{"apiVersion":"apps/v1","kind":"Deployment","name":"web-%1$d","uid":"d%1$d","controller":true}]},
           "spec":{"replicas":3}}\
          """
              .formatted(workload, workload / PER_NAMESPACE, MANAGED);
      default ->
          """
          {"metadata":{"name":"web-%1$d-5d4-%4$d","namespace":"team-%2$d","uid":"p%4$d"%3$s,
            "labels":{"app":"web","pod-template-hash":"5d4"},
            "ownerReferences":[{"apiVersion":"apps/v1","kind":"ReplicaSet","name":"web-%1$d-5d4","uid":"r%1$d","controller":true}]},
           "spec":{"nodeName":"node-1",%5$s},"status":{"phase":"Running"}}\
          """
              .formatted(workload, workload / PER_NAMESPACE, MANAGED, i, SPEC);
    };
  }

  /** What makes live objects large. */
  private static final String MANAGED =
      ",\"managedFields\":[{\"manager\":\"kube-controller-manager\",\"fieldsV1\":{"
          + "\"f:spec\":{%s\"f:last\":{}}}}]".formatted("\"f:field\":{\".\":{}},".repeat(100));

  private static final String SPEC =
      "\"containers\":[{\"name\":\"web\",\"image\":\"registry.example/web:1.0\",\"env\":[%s{\"name\":\"LAST\",\"value\":\"1\"}]}]"
          .formatted(
              "{\"name\":\"SOME_VARIABLE\",\"value\":\"a value of some length\"},".repeat(30));

  @Override
  public void close() {
    server.stop(0);
  }
}
