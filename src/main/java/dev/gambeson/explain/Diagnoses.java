package dev.gambeson.explain;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

/** Finds what is wrong with a pod, symptom by symptom. */
final class Diagnoses {
  /** A log may complain of a thousand files. */
  private static final int MOST = 20;

  private static final int MOST_QUOTES = 3;

  /** A sign counts for the first one that it shows. */
  private static final List<Symptom> SYMPTOMS =
      Stream.of(SchedulerSymptoms.ALL, KubeletSymptoms.ALL, LogSymptoms.ALL, PermissionSymptoms.ALL)
          .flatMap(List::stream)
          .toList();

  /** Signs that say the same are one finding. */
  private record Key(Symptom symptom, String container, Map<String, String> words) {}

  private Diagnoses() {}

  /** The surest first; those in which Gambeson has no part last. */
  static List<Diagnosis> of(ObservedPod observed, FilledIn filled, Remedies remedies) {
    var pod = ExaminedPod.of(observed.pod(), filled.fields());
    var found = new LinkedHashMap<Key, List<Hit>>();
    var failing = new LinkedHashMap<Key, List<Hit>>();
    for (var sign : Signs.of(observed)) {
      var at = first(SYMPTOMS, sign, pod);
      if (at.isPresent()) {
        add(at.get(), found);
      } else {
        first(List.of(KubeletSymptoms.FAILING), sign, pod).ifPresent(hit -> add(hit, failing));
      }
    }
    var all = new ArrayList<Diagnosis>();
    found.forEach((key, hits) -> all.addAll(diagnose(key.symptom(), hits, remedies)));
    var explained = new HashSet<String>();
    all.forEach(diagnosis -> explained.add(diagnosis.container()));
    failing.forEach((key, hits) -> {
      if (!explained.contains(key.container())) {
        all.addAll(diagnose(key.symptom(), hits, remedies));
      }
    });
    all.sort(
        Comparator.comparing((Diagnosis diagnosis) -> diagnosis.rule() == null)
            .thenComparing(Diagnosis::certainty));
    return all;
  }

  private record Found(Symptom symptom, Hit hit) {}

  private static Optional<Found> first(List<Symptom> symptoms, Sign sign, ExaminedPod pod) {
    return symptoms.stream()
        .flatMap(symptom -> symptom.in(sign, pod).map(hit -> new Found(symptom, hit)).stream())
        .findFirst();
  }

  private static void add(Found found, Map<Key, List<Hit>> all) {
    var words = new TreeMap<>(found.hit().words());
    words.remove(Symptom.CONTAINER);
    var key = new Key(found.symptom(), found.hit().container(), words);
    if (all.size() < MOST || all.containsKey(key)) {
      var hits = all.computeIfAbsent(key, each -> new ArrayList<>());
      if (hits.size() < MOST_QUOTES
          && hits.stream().noneMatch(hit -> hit.sign().equals(found.hit().sign()))) {
        hits.add(found.hit());
      }
    }
  }

  private static List<Diagnosis> diagnose(Symptom symptom, List<Hit> hits, Remedies remedies) {
    var hit = hits.getFirst();
    var evidence = hits.stream().map(each -> each.sign().quote()).toList();
    var guilty = new ArrayList<Diagnosis>();
    var known = new HashSet<Diagnosis.Remedy>();
    for (var suspect : symptom.suspects()) {
      hit.pod().filled().stream()
          .filter(field -> field.rule().equals(suspect.rule()))
          .filter(hit::concerns)
          .filter(field -> suspect.explains().test(hit, field))
          .findFirst()
          .ifPresent(field ->
              guilty.add(
                  new Diagnosis(
                      hit.fill(symptom.what()),
                      hit.container(),
                      suspect.rule(),
                      field.path(),
                      suspect.certainty().and(field.certainty()),
                      suspect.why(),
                      evidence,
                      remedies.of(suspect, hit, field).stream().filter(known::add).toList())));
    }
    if (guilty.isEmpty()) {
      return List.of(
          new Diagnosis(
              hit.fill(symptom.what()),
              hit.container(),
              null,
              null,
              Certainty.CERTAIN,
              hit.fill(symptom.otherwise().apply(hit)),
              evidence,
              List.of()));
    }
    var surest =
        guilty.stream().map(Diagnosis::certainty).min(Comparator.naturalOrder()).orElseThrow();
    return surest == Certainty.CERTAIN
        ? guilty.stream().filter(each -> each.certainty() == surest).toList()
        : guilty;
  }
}
