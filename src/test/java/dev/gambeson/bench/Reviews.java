package dev.gambeson.bench;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gambeson.admission.Webhook;
import io.fabric8.zjsonpatch.JsonPatch;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.zip.GZIPInputStream;

/**
 * Prepares recorded reviews for the load: each pod as it arrives at the mutating webhook, and as it
 * then arrives at the validating one.
 *
 * <p>Each line is a body in which {@link #SERIAL} stands for twelve digits that differ in each
 * request: part of its uid, and of the pod's name.
 */
final class Reviews {
  static final String SERIAL = "@SERIAL@";

  /** Fewer different pods would favour what remembers them. */
  private static final int LEAST_PODS = 50;

  private static final int SMALLEST = 2_000;
  private static final int LARGEST = 20_000;
  private static final ObjectMapper MAPPER = new ObjectMapper();

  private final Engine engine = new Engine();

  /** The replicas of a workload are all alike. */
  private final Set<String> owners = new HashSet<>();

  private final List<String> unfixed = new ArrayList<>();
  private final List<String> fixed = new ArrayList<>();
  private final List<String> pods = new ArrayList<>();

  /** Those of {@link #unfixed} that the validating webhook denies. */
  private final List<String> denied = new ArrayList<>();

  /**
   * Writes {@code unfixed}, {@code fixed} and {@code denied} into a folder, and {@code pods}: those
   * of {@code unfixed}, to create.
   *
   * @param arguments the recorded reviews, gzipped, one in each line; the folder
   */
  public static void main(String[] arguments) throws IOException {
    var reviews = new Reviews();
    for (var line : recorded(Path.of(arguments[0]))) {
      reviews.add(MAPPER.readTree(line));
    }
    if (reviews.fixed.size() < LEAST_PODS) {
      throw new IllegalArgumentException(
          "%d different pods are accepted under strict, and %d are needed"
              .formatted(reviews.fixed.size(), LEAST_PODS));
    }
    var folder = Files.createDirectories(Path.of(arguments[1]));
    Files.write(folder.resolve("unfixed"), reviews.unfixed);
    Files.write(folder.resolve("fixed"), reviews.fixed);
    Files.write(folder.resolve("denied"), reviews.denied);
    Files.write(folder.resolve("pods"), reviews.pods);
    System.out.printf(
        "%d pods, %d to %d bytes; fixed %d to %d%n",
        reviews.fixed.size(),
        reviews.unfixed.stream().mapToInt(String::length).min().orElseThrow(),
        reviews.unfixed.stream().mapToInt(String::length).max().orElseThrow(),
        reviews.fixed.stream().mapToInt(String::length).min().orElseThrow(),
        reviews.fixed.stream().mapToInt(String::length).max().orElseThrow());
  }

  /** The lines of a file that gzip has compressed. */
  static List<String> recorded(Path file) throws IOException {
    try (var reader =
        new BufferedReader(
            new InputStreamReader(new GZIPInputStream(Files.newInputStream(file)), UTF_8))) {
      return reader.lines().toList();
    }
  }

  private void add(JsonNode review) throws IOException {
    var owner = review.at("/request/object/metadata/ownerReferences/0/uid").asText();
    if (!owner.isEmpty() && !owners.add(owner)) {
      return;
    }
    var body = withSerial(review);
    if (body.length() < SMALLEST || body.length() > LARGEST) {
      return;
    }
    var patched = review.deepCopy();
    var mutated = MAPPER.readTree(engine.answer(Webhook.MUTATE, bytes(review)));
    if (mutated.path("response").has("patch")) {
      var patch = MAPPER.readTree(mutated.path("response").path("patch").binaryValue());
      ((ObjectNode) patched.path("request"))
          .set("object", JsonPatch.apply(patch, patched.at("/request/object")));
    }
    var after = withSerial(patched);
    if (after.length() > LARGEST || !isAllowed(patched)) {
      return;
    }
    unfixed.add(body);
    fixed.add(after);
    pods.add(pod(body));
    if (!isAllowed(review)) {
      denied.add(body);
    }
  }

  /** What a client sends to create the pod of a review, without an owner that does not exist. */
  private static String pod(String review) throws IOException {
    var pod = (ObjectNode) MAPPER.readTree(review).at("/request/object");
    pod.remove("status");
    ((ObjectNode) pod.path("metadata"))
        .remove(
            List.of("namespace", "uid", "creationTimestamp", "managedFields", "ownerReferences"));
    return pod.toString();
  }

  private boolean isAllowed(JsonNode review) throws IOException {
    return MAPPER
        .readTree(engine.answer(Webhook.VALIDATE, bytes(review)))
        .at("/response/allowed")
        .asBoolean();
  }

  private static byte[] bytes(JsonNode review) {
    return review.toString().getBytes(UTF_8);
  }

  private static String withSerial(JsonNode review) {
    var unique = review.<ObjectNode>deepCopy();
    var request = (ObjectNode) unique.path("request");
    var metadata = (ObjectNode) request.path("object").path("metadata");
    request.put("uid", "00000000-0000-4000-8000-" + SERIAL);
    var name =
        metadata.has("name")
            ? metadata.path("name").asText() + "-" + SERIAL
            : metadata.path("generateName").asText() + SERIAL;
    metadata.put("name", name);
    request.put("name", name);
    return unique.toString();
  }
}
