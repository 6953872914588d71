package dev.gambeson.admission;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.gambeson.pod.ContainerRef;
import dev.gambeson.pod.FieldPath;
import java.io.IOException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What one pass over an object tells, before any tree or model of it exists: which bounds it
 * exceeds, for a Pod and for the template of a workload alike, and the little that is asked of an
 * object that is read no further.
 */
final class Outline {
  /** The images that are remembered; no pod that runs has so many containers. */
  private static final int MOST_IMAGES = 10_000;

  private final Set<Bound> exceeded = EnumSet.noneOf(Bound.class);
  private final Map<Bound, Counter> counters = new EnumMap<>(Bound.class);
  private final Map<ContainerRef.Kind, List<String>> images =
      new EnumMap<>(ContainerRef.Kind.class);
  private int containers;
  private @Nullable List<String> imagesOfList;
  private String name = "";
  private String generateName = "";
  private boolean beingDeleted;

  private static final class Counter {
    private int count;
  }

  /** A field whose value is counted or noted, or that leads to such a field. */
  private enum Part {
    OTHER,
    OBJECT,
    METADATA,
    NAME,
    GENERATE_NAME,
    DELETION_TIMESTAMP,
    TEMPLATE,
    SPEC,
    INIT_CONTAINERS(Bound.CONTAINERS, ContainerRef.Kind.INIT),
    CONTAINERS(Bound.CONTAINERS, ContainerRef.Kind.REGULAR),
    EPHEMERAL_CONTAINERS(Bound.CONTAINERS, ContainerRef.Kind.EPHEMERAL),
    IMAGE,
    VOLUMES(Bound.VOLUMES, null),
    TOLERATIONS(Bound.TOLERATIONS, null),
    MOUNTS(Bound.MOUNTS, null),
    VARIABLES(Bound.VARIABLES, null),
    ARGUMENTS(Bound.ARGUMENTS, null);

    private final @Nullable Bound bound;
    private final ContainerRef.@Nullable Kind containers;

    Part() {
      this(null, null);
    }

    Part(@Nullable Bound bound, ContainerRef.@Nullable Kind containers) {
      this.bound = bound;
      this.containers = containers;
    }

    Part field(String name) {
      return switch (this) {
        case OBJECT ->
            switch (name) {
              case "metadata" -> METADATA;
              case "spec" -> SPEC;
              case "template" -> TEMPLATE;
              default -> OTHER;
            };
        case METADATA ->
            switch (name) {
              case "name" -> NAME;
              case "generateName" -> GENERATE_NAME;
              case "deletionTimestamp" -> DELETION_TIMESTAMP;
              default -> OTHER;
            };
        case TEMPLATE -> name.equals("spec") ? SPEC : OTHER;
        case SPEC ->
            switch (name) {
              case "template", "jobTemplate" -> TEMPLATE;
              case "initContainers" -> INIT_CONTAINERS;
              case "containers" -> CONTAINERS;
              case "ephemeralContainers" -> EPHEMERAL_CONTAINERS;
              case "volumes" -> VOLUMES;
              case "tolerations" -> TOLERATIONS;
              default -> OTHER;
            };
        case INIT_CONTAINERS, CONTAINERS, EPHEMERAL_CONTAINERS ->
            switch (name) {
              case "image" -> IMAGE;
              case "volumeMounts", "volumeDevices" -> MOUNTS;
              case "env", "envFrom" -> VARIABLES;
              case "command", "args" -> ARGUMENTS;
              default -> OTHER;
            };
        default -> OTHER;
      };
    }
  }

  /**
   * Reads an object to its end.
   *
   * @param parser at the first token of the object
   */
  void read(JsonParser parser) throws IOException {
    read(parser, Part.OBJECT);
  }

  /** Notes that the object exceeds a bound beyond which it cannot be read to its end. */
  void stopAt(Bound bound) {
    exceeded.add(bound);
  }

  private void read(JsonParser parser, Part part) throws IOException {
    count(Bound.VALUES);
    switch (parser.currentToken()) {
      case START_OBJECT -> {
        if (part.containers != null) {
          noteContainer(part.containers);
        }
        count(Bound.OBJECTS);
        for (var field = parser.nextFieldName(); field != null; field = parser.nextFieldName()) {
          parser.nextToken();
          count(Bound.FIELDS);
          count(Bound.TEXT, field.length());
          read(parser, part.field(field));
        }
      }
      case START_ARRAY -> {
        while (parser.nextToken() != JsonToken.END_ARRAY) {
          if (part.bound != null) {
            count(part.bound);
          }
          read(parser, part.containers == null ? Part.OTHER : part);
        }
      }
      case VALUE_STRING -> {
        count(Bound.TEXT, parser.getTextLength());
        noteText(parser, part);
      }
      default -> {}
    }
  }

  private void count(Bound bound) {
    count(bound, 1);
  }

  private void count(Bound bound, int more) {
    var counter = counters.computeIfAbsent(bound, key -> new Counter());
    counter.count += more;
    if (counter.count > bound.most()) {
      exceeded.add(bound);
    }
  }

  private void noteContainer(ContainerRef.Kind kind) {
    imagesOfList = null;
    if (containers++ < MOST_IMAGES) {
      imagesOfList = images.computeIfAbsent(kind, key -> new ArrayList<>());
      imagesOfList.add("");
    }
  }

  private void noteText(JsonParser parser, Part part) throws IOException {
    switch (part) {
      case NAME -> name = parser.getText();
      case GENERATE_NAME -> generateName = parser.getText();
      case DELETION_TIMESTAMP -> beingDeleted = true;
      case IMAGE -> {
        if (imagesOfList != null) {
          imagesOfList.set(imagesOfList.size() - 1, parser.getText());
        }
      }
      default -> {}
    }
  }

  /** {@code metadata.name}; where the API server is still to make it, its beginning and a star. */
  String name() {
    return name.isEmpty() ? generateName + "*" : name;
  }

  boolean isBeingDeleted() {
    return beingDeleted;
  }

  /** What to say of an object that exceeds a bound; empty for one that exceeds none. */
  Optional<String> excess() {
    return exceeded.isEmpty()
        ? Optional.empty()
        : Optional.of(exceeded.stream().map(Bound::exceeded).collect(Collectors.joining(", ")));
  }

  /**
   * Whether a change leaves an object as much above the bounds as it was, and brings no image.
   *
   * @param old the object before
   */
  boolean isNoWorseThan(Outline old) {
    return old.exceeded.containsAll(exceeded)
        && containers <= MOST_IMAGES
        && newImages(old).isEmpty();
  }

  /**
   * Where the object has an image that it had not before; a container keeps its place as long as
   * its pod lives.
   *
   * @param old the object before
   */
  Set<FieldPath> newImages(Outline old) {
    var all = new HashSet<FieldPath>();
    images.forEach((kind, now) -> {
      var before = old.images.getOrDefault(kind, List.of());
      for (int i = 0; i < now.size(); i++) {
        if (i >= before.size() || !now.get(i).equals(before.get(i))) {
          all.add(FieldPath.of("spec", kind.field(), i, "image"));
        }
      }
    });
    return all;
  }
}
