package dev.gambeson.explain;

import dev.gambeson.explain.Sign.Source;
import java.util.HashMap;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Pattern;

/**
 * One way in which pods fail.
 *
 * @param what in words; {@code {container}} and the named groups of the pattern stand for what a
 *     sign says, {@code {path}} for the file that a line of a log is about
 * @param sources where it shows
 * @param pattern what its signs look like; a group {@code container} names their container
 * @param about what else is in these signs: two patterns cost less than one of both
 * @param suspects the fixes that may be behind it
 * @param otherwise what is behind it where none of them is
 */
record Symptom(
    String what,
    Set<Source> sources,
    Pattern pattern,
    Pattern about,
    List<Suspect> suspects,
    Function<Hit, String> otherwise) {
  static final String CONTAINER = "container";
  private static final String PATH = "path";
  private static final Pattern ANYTHING = Pattern.compile("");

  /** A symptom of the status of a pod or of its events, which often say the same. */
  static Symptom ofKubelet(String what, String pattern, String otherwise, Suspect... suspects) {
    return new Symptom(
        what,
        Set.of(Source.STATUS, Source.EVENT),
        Pattern.compile(pattern),
        ANYTHING,
        List.of(suspects),
        hit -> otherwise);
  }

  /** A symptom of a line of a log. */
  static Symptom ofLog(String what, String pattern, String otherwise, Suspect... suspects) {
    return new Symptom(
        what,
        Set.of(Source.LOG),
        Pattern.compile(pattern, Pattern.CASE_INSENSITIVE),
        ANYTHING,
        List.of(suspects),
        hit -> otherwise);
  }

  /** The same where more is to be said if no fix is behind it. */
  Symptom otherwise(Function<Hit, String> sentence) {
    return new Symptom(what, sources, pattern, about, suspects, sentence);
  }

  /** The same where its signs also look like that, before or after the other pattern. */
  Symptom about(String form) {
    return new Symptom(
        what, sources, pattern, Pattern.compile(form, pattern.flags()), suspects, otherwise);
  }

  Optional<Hit> in(Sign sign, ExaminedPod pod) {
    if (!sources.contains(sign.source())) {
      return Optional.empty();
    }
    var matcher = pattern.matcher(sign.text());
    if (!matcher.find() || !about.matcher(sign.text()).find()) {
      return Optional.empty();
    }
    var words = new HashMap<String, String>();
    matcher
        .namedGroups()
        .forEach((name, group) -> {
          if (matcher.group(group) != null) {
            words.put(name, matcher.group(group));
          }
        });
    if (sign.source() == Source.LOG) {
      LogPath.near(sign.text(), matcher.start()).ifPresent(path -> words.put(PATH, path));
    }
    return Optional.of(new Hit(sign, words, words.getOrDefault(CONTAINER, sign.container()), pod));
  }
}
