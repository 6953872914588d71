package dev.gambeson.admission;

import com.fasterxml.jackson.core.JsonParser;
import dev.gambeson.pod.ContainerRef;
import dev.gambeson.pod.FieldPath;
import io.fabric8.kubernetes.api.model.Pod;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
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

  /** The objects and lists that the next token is in, from 1 to {@link #depth}. */
  private Part[] open = new Part[16];

  private final BitSet lists = new BitSet();
  private int depth;
  private Part field = Part.OTHER;

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

  /** The outline of a new pod that has so few parts that it exceeds no bound. */
  static Outline of(Pod pod) {
    var outline = new Outline();
    var metadata = pod.getMetadata();
    if (metadata != null) {
      outline.name = Objects.requireNonNullElse(metadata.getName(), "");
      outline.generateName = Objects.requireNonNullElse(metadata.getGenerateName(), "");
      outline.beingDeleted = metadata.getDeletionTimestamp() != null;
    }
    return outline;
  }

  /**
   * Reads an object to its end.
   *
   * @param parser at the first token of the object
   */
  void read(JsonParser parser) throws IOException {
    add(parser);
    while (depth > 0) {
      parser.nextToken();
      add(parser);
    }
  }

  /** Takes in the next token of the object, at which the parser is. */
  void add(JsonParser parser) throws IOException {
    switch (parser.currentToken()) {
      case FIELD_NAME -> {
        var name = parser.currentName();
        count(Bound.FIELDS);
        count(Bound.TEXT, name.length());
        field = open[depth].field(name);
      }
      case START_OBJECT -> {
        var part = startOfValue();
        if (part.containers != null) {
          noteContainer(part.containers);
        }
        count(Bound.OBJECTS);
        open(part, false);
      }
      case START_ARRAY -> open(startOfValue(), true);
      case END_OBJECT, END_ARRAY -> depth--;
      case VALUE_STRING -> {
        var part = startOfValue();
        count(Bound.TEXT, parser.getTextLength());
        noteText(parser, part);
      }
      default -> startOfValue();
    }
  }

  private void open(Part part, boolean list) {
    depth++;
    if (depth == open.length) {
      open = Arrays.copyOf(open, 2 * depth);
    }
    open[depth] = part;
    lists.set(depth, list);
  }

  /** Counts a value, and tells which part of the object it is. */
  private Part startOfValue() {
    count(Bound.VALUES);
    if (depth == 0) {
      return Part.OBJECT;
    }
    if (!lists.get(depth)) {
      return field;
    }
    var list = open[depth];
    if (list.bound != null) {
      count(list.bound);
    }
    return list.containers == null ? Part.OTHER : list;
  }

  /** Notes that the object exceeds a bound beyond which it cannot be read to its end. */
  void stopAt(Bound bound) {
    exceeded.add(bound);
  }

  private void count(Bound bound) {
    count(bound, 1);
  }

  private void count(Bound bound, int more) {
    var counter = counters.get(bound);
    if (counter == null) {
      counter = new Counter();
      counters.put(bound, counter);
    }
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
