package dev.gambeson.report;

import dev.gambeson.config.RuleOption;
import dev.gambeson.pod.ContainerRef;
import dev.gambeson.rule.Doc;
import dev.gambeson.rule.ExceptedPods;
import dev.gambeson.rule.PodSecurityLevel;
import dev.gambeson.rule.Risk;
import dev.gambeson.rule.Rule;
import dev.gambeson.rule.Tell;
import dev.gambeson.verdict.CheckMode;
import dev.gambeson.verdict.Configuration;
import dev.gambeson.verdict.Profile;
import dev.gambeson.verdict.RuleSettings;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Everything that there is to say about a rule.
 *
 * @param summary the first sentence of its documentation, as plain text
 * @param doc its documentation, in Markdown
 * @param containers the lists of containers that it looks into; empty for the pod as a whole
 * @param risks what its fix may do, the mildest first; empty for a rule without a fix
 * @param except the pods that its fix leaves alone by default; none for a rule without a fix
 * @param tell how to tell beforehand what its fix would do; empty where only a trial tells
 * @param levels the levels of the Pod Security controls that it checks
 * @param values what an exemption from it says, within which bounds
 * @param modes what each built-in profile does with it
 */
public record RuleDescription(
    String name,
    String summary,
    String doc,
    boolean fixes,
    boolean checks,
    List<String> containers,
    List<String> risks,
    ExceptedPods except,
    Optional<Tell> tell,
    List<String> levels,
    List<RuleOption> options,
    List<RuleOption> values,
    List<Mode> modes) {
  private static final Pattern FIRST_SENTENCE =
      Pattern.compile("\\A.*?\\.(?=\\s|\\z)", Pattern.DOTALL);
  private static final List<String> MILDEST_FIRST =
      List.of(Configuration.OBSERVE, "standard", "strict");

  /**
   * What a profile does with a rule.
   *
   * @param fix a dash for a rule without a fix
   * @param check a dash for a rule without a check; with the level or {@code options} where the
   *     modes of what it checks differ
   */
  public record Mode(String profile, String fix, String check) {}

  /** The first sentence of a rule's documentation. */
  public static String summaryOf(Rule rule) {
    var doc = docOf(rule);
    var sentence = FIRST_SENTENCE.matcher(doc);
    return (sentence.find() ? sentence.group() : doc).replace('\n', ' ');
  }

  private static String docOf(Rule rule) {
    return Objects.requireNonNull(rule.getClass().getAnnotation(Doc.class), rule.name())
        .value()
        .strip();
  }

  public static RuleDescription of(Rule rule, Configuration builtIn) {
    boolean fixes = rule instanceof Rule.Fix;
    return new RuleDescription(
        rule.name(),
        summaryOf(rule),
        docOf(rule),
        fixes,
        rule instanceof Rule.Check,
        rule.containerKinds().stream().sorted().map(ContainerRef.Kind::field).toList(),
        rule instanceof Rule.Fix fix
            ? fix.risks().stream().map(Risk::toString).toList()
            : List.of(),
        rule instanceof Rule.Fix fix ? fix.except() : ExceptedPods.NONE,
        rule instanceof Rule.Fix fix ? fix.tell() : Optional.empty(),
        levels(rule).stream().map(RuleDescription::spelt).toList(),
        RuleOption.of(rule),
        RuleOption.values(rule),
        MILDEST_FIRST.stream()
            .map(name -> mode(rule, Objects.requireNonNull(builtIn.profiles().get(name), name)))
            .toList());
  }

  /** What of a pod the rule looks into. */
  public String visits() {
    return containers.isEmpty() ? "the pod as a whole" : quoted(containers);
  }

  /** What the fix may do to a pod that ran without it; empty for a rule without a fix. */
  public String mayDo() {
    return String.join(", ", risks);
  }

  /** Whether the fix may do worse than place a pod elsewhere. */
  boolean mayStopContainers() {
    return risks.contains(Risk.MAY_STOP_THE_IMAGE.toString())
        || risks.contains(Risk.MAY_FAIL_AT_RUNTIME.toString());
  }

  /** How to tell beforehand what the fix would do. */
  String howToTell() {
    return tell.map(each ->
            "`"
                + each.command()
                    .replace(Tell.EXEC, "kubectl exec … --")
                    .replace(Tell.NAMESPACE, "NAMESPACE")
                    .replace(Tell.ACCOUNT, "ACCOUNT")
                    .replace(Tell.MOUNT, "FOLDER")
                + "` "
                + each.meaning())
        .orElse("only a trial tells");
  }

  /** Which pods the fix leaves alone. */
  public String leavesAlone() {
    var pods = new ArrayList<String>();
    if (!except.ownerKinds().isEmpty()) {
      pods.add("pods of a controller of kind " + quoted(except.ownerKinds()));
    }
    if (!except.priorityClasses().isEmpty()) {
      pods.add("pods of the priority class " + quoted(except.priorityClasses()));
    }
    return String.join("; ", pods);
  }

  private static String quoted(List<String> names) {
    return names.stream().map(name -> "`" + name + "`").collect(Collectors.joining(", "));
  }

  /** What the rule has, in a word or two. */
  public String halves() {
    return fixes && checks ? "fix, check" : fixes ? "fix" : "check";
  }

  private static List<PodSecurityLevel> levels(Rule rule) {
    return rule instanceof Rule.Check check
        ? check.controls().stream().sorted().toList()
        : List.of();
  }

  private static Mode mode(Rule rule, Profile profile) {
    var settings =
        profile.rules().stream()
            .filter(each -> each.rule().name().equals(rule.name()))
            .findFirst()
            .orElseThrow();
    return new Mode(
        profile.name(),
        rule instanceof Rule.Fix ? spelt(settings.fix()) : "–",
        rule instanceof Rule.Check check ? check(check, settings, profile) : "–");
  }

  private static String check(Rule.Check rule, RuleSettings settings, Profile profile) {
    var parts = new ArrayList<String>();
    var modes = new ArrayList<CheckMode>();
    for (var level : levels(rule)) {
      var mode = profile.podSecurity().mode(level);
      modes.add(rule.checksOptions() ? mode : mode.max(settings.check()));
      parts.add(spelt(modes.getLast()) + " (" + spelt(level) + ")");
    }
    if (rule.checksOptions()) {
      modes.add(settings.check());
      parts.add(spelt(settings.check()) + (modes.size() == 1 ? "" : " (options)"));
    }
    return modes.stream().distinct().count() == 1
        ? spelt(modes.getFirst())
        : String.join(", ", parts);
  }

  private static String spelt(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT);
  }
}
