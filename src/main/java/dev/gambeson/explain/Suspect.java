package dev.gambeson.explain;

import java.util.List;
import java.util.function.BiPredicate;
import java.util.function.Predicate;

/**
 * A rule whose fix may be behind a symptom.
 *
 * @param explains whether a field that the fix wrote explains it
 * @param certainty if the fix wrote such a field
 * @param why in a sentence
 * @param ideas the best first
 */
record Suspect(
    String rule,
    BiPredicate<Hit, FilledField> explains,
    Certainty certainty,
    String why,
    List<Idea> ideas) {

  Suspect {
    ideas = List.copyOf(ideas);
  }

  /** A rule, whichever of its fields it is. */
  static Suspect of(String rule, Certainty certainty, String why, Idea... ideas) {
    return new Suspect(rule, (hit, field) -> true, certainty, why, List.of(ideas));
  }

  /** The same for fields that end like that only, {@code limits.memory} for example. */
  Suspect in(Object... tail) {
    return provided((hit, field) -> field.endsWith(tail));
  }

  /** The same where something else holds as well. */
  Suspect provided(BiPredicate<Hit, FilledField> condition) {
    return new Suspect(rule, explains.and(condition), certainty, why, ideas);
  }

  /** The same for some hits only. */
  Suspect where(Predicate<Hit> condition) {
    return provided((hit, field) -> condition.test(hit));
  }
}
