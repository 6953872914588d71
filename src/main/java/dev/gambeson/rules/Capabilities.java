package dev.gambeson.rules;

import dev.gambeson.pod.ContainerRef;
import dev.gambeson.pod.PodPatch;
import dev.gambeson.pod.PodTraits;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.SecurityContext;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

@Doc(
    """
    Takes from containers the rights of root that they do not need.

    **Fields:** `securityContext.capabilities.drop` and `.add` of every container. **Allowed:** with Pod Security "baseline", to add
    `AUDIT_WRITE`, `CHOWN`, `DAC_OVERRIDE`, `FOWNER`, `FSETID`, `KILL`, `MKNOD`, `NET_BIND_SERVICE`, `SETFCAP`, `SETGID`, `SETPCAP`, `SETUID` and
    `SYS_CHROOT`; with "restricted", only `NET_BIND_SERVICE`, and `ALL` must be dropped. The rule's own check asks that what `drop` names is dropped.

    **The fix** drops what `drop` names, in containers whose author wrote neither a `drop` nor an `add` list: a list that somebody wrote is
    never extended. It leaves out `privileged` containers, which have every capability whatever they drop, and Windows pods. An image that
    starts as root and then changes its user, or the owner of files, fails without the capabilities for it.

    **Exemptions** are bounded by `add`, what may be added, and `drop`, what must be dropped in place of what is asked for. One with `drop`
    switches the fix off as well.

    **Standard:** Pod Security "baseline", every version; "restricted" from v1.22 on; Windows pods are exempt from the latter from v1.25 on.
    """)
final class Capabilities
    implements Rule.Fix<Capabilities.Options>,
        Rule.Bounded<Capabilities.Options, Capabilities.Values> {
  private static final Pattern NAME = Pattern.compile("(?!CAP_)[A-Z][A-Z0-9_]*");
  private static final String ALL = "ALL";
  private static final Set<String> RESTRICTED = Set.of("NET_BIND_SERVICE");
  private static final Set<String> BASELINE =
      Set.of(
          "AUDIT_WRITE",
          "CHOWN",
          "DAC_OVERRIDE",
          "FOWNER",
          "FSETID",
          "KILL",
          "MKNOD",
          "NET_BIND_SERVICE",
          "SETFCAP",
          "SETGID",
          "SETPCAP",
          "SETUID",
          "SYS_CHROOT");

  /** The options of the rule. */
  record Options(
      @Doc("the capabilities to drop, without the prefix `CAP_`: `[ALL]`, or at least `[NET_RAW]`")
          List<String> drop) {
    Options {
      drop = List.copyOf(drop);
      requireNames("drop", drop);
    }
  }

  /** What an exemption may let a container have. */
  record Values(
      @Doc("the capabilities that may be added, without the prefix `CAP_`") List<String> add,
      @Doc("the capabilities that must be dropped in place of those asked for; `[]` for none")
          @Nullable List<String> drop) {
    Values {
      add = List.copyOf(add);
      requireNames("add", add);
      if (add.contains(ALL)) {
        throw new IllegalArgumentException("add: ALL bounds nothing: name each capability");
      }
      if (drop != null) {
        drop = List.copyOf(drop);
        requireNames("drop", drop);
      } else if (add.isEmpty()) {
        throw new IllegalArgumentException(
            "add: is empty: write add: [NET_ADMIN] or drop: [] for example");
      }
    }
  }

  private static void requireNames(String key, List<String> names) {
    for (var name : names) {
      if (!isName(name)) {
        throw new IllegalArgumentException(
            key + ": \"" + name + "\" is no capability: write ALL, or NET_RAW for example");
      }
    }
  }

  @Override
  public Options defaults() {
    return new Options(List.of(ALL));
  }

  @Override
  public Set<ContainerRef.Kind> containers() {
    return ContainerRef.ALL;
  }

  @Override
  public Risk risk() {
    return Risk.MAY_STOP_THE_IMAGE;
  }

  @Override
  public Set<PodSecurityLevel> controls() {
    return Set.of(PodSecurityLevel.BASELINE, PodSecurityLevel.RESTRICTED);
  }

  @Override
  public boolean checksOptions() {
    return true;
  }

  @Override
  public void fix(Options options, PodPatch patch, Scope scope) {
    if (PodTraits.isWindows(patch.pod())) {
      return;
    }
    for (var container : fixable(patch.pod(), scope)) {
      if (container.isPrivileged()
          || !added(container).isEmpty()
          || !dropped(container).isEmpty()) {
        continue;
      }
      var capabilities =
          patch
              .securityContext(container)
              .child(
                  "capabilities",
                  SecurityContext::getCapabilities,
                  SecurityContext::setCapabilities,
                  io.fabric8.kubernetes.api.model.Capabilities::new);
      for (var name : options.drop()) {
        capabilities.append(
            "drop", lists -> lists.getDrop(), (lists, drop) -> lists.setDrop(drop), name);
      }
    }
  }

  @Override
  public void check(Options options, Pod pod, Scope scope, Violations violations) {
    boolean restricted =
        scope.version().atLeast(22)
            && !(scope.version().atLeast(25) && PodTraits.declaresWindows(pod));
    for (var container : containersOf(pod)) {
      var report = new Report(container, violations);
      report.added(PodSecurityLevel.BASELINE, List.of());
      if (restricted) {
        report.added(PodSecurityLevel.RESTRICTED, List.of());
        report.notDropped(PodSecurityLevel.RESTRICTED, List.of(ALL));
      }
      if (!PodTraits.isWindows(pod)) {
        report.notDropped(null, options.drop());
      }
    }
  }

  @Override
  public Class<Values> values() {
    return Values.class;
  }

  @Override
  public boolean sparesFix(Values values) {
    return values.drop() != null;
  }

  @Override
  public Optional<Violation> beyond(List<Values> granted, Violation violation, Pod pod) {
    var container = ContainerRef.at(pod, violation.path()).orElseThrow();
    if (violation.path().last().equals("drop")) {
      var dropped = dropped(container);
      boolean within =
          granted.stream()
              .map(Values::drop)
              .filter(Objects::nonNull)
              .anyMatch(drop -> dropped.contains(ALL) || dropped.containsAll(drop));
      return within ? Optional.empty() : Optional.of(violation);
    }
    var beyond = new Violations(this);
    var add = granted.stream().flatMap(values -> values.add().stream()).toList();
    new Report(container, beyond).added(Objects.requireNonNull(violation.level()), add);
    return beyond.all().stream().findFirst();
  }

  @Override
  public List<Values> narrowest(List<Violation> violations, Pod pod) {
    var add = new ArrayList<String>();
    List<String> drop = null;
    for (var violation : violations) {
      var container = ContainerRef.at(pod, violation.path()).orElseThrow();
      if (violation.path().last().equals("drop")) {
        drop = dropped(container).stream().filter(Capabilities::isName).toList();
        continue;
      }
      var names = refused(Objects.requireNonNull(violation.level()), container, List.of());
      if (names.stream().allMatch(name -> isName(name) && !name.equals(ALL))) {
        add.addAll(names);
      }
    }
    return add.isEmpty() && drop == null ? List.of() : List.of(new Values(add, drop));
  }

  /** The capabilities that a container adds, and a level alone refuses. */
  private static List<String> refused(
      PodSecurityLevel level, ContainerRef container, List<String> granted) {
    boolean baseline = level == PodSecurityLevel.BASELINE;
    return added(container).stream()
        .filter(name -> !allowed(level).contains(name) && !granted.contains(name))
        .filter(name -> baseline || BASELINE.contains(name))
        .toList();
  }

  private static Set<String> allowed(PodSecurityLevel level) {
    return level == PodSecurityLevel.BASELINE ? BASELINE : RESTRICTED;
  }

  private static boolean isName(String text) {
    return NAME.matcher(text).matches();
  }

  private static List<String> added(ContainerRef container) {
    var capabilities = container.securityContext(SecurityContext::getCapabilities);
    return capabilities == null
        ? List.of()
        : capabilities.getAdd().stream().filter(Objects::nonNull).toList();
  }

  private static List<String> dropped(ContainerRef container) {
    var capabilities = container.securityContext(SecurityContext::getCapabilities);
    return capabilities == null
        ? List.of()
        : capabilities.getDrop().stream().filter(Objects::nonNull).toList();
  }

  private record Report(ContainerRef container, Violations violations) {

    void added(PodSecurityLevel level, List<String> granted) {
      var allowed = allowed(level);
      var found = refused(level, container, granted);
      if (!found.isEmpty()) {
        var wanted =
            level == PodSecurityLevel.BASELINE
                ? "only what Pod Security baseline allows"
                : "at most " + String.join(", ", allowed);
        violations.add(
            level,
            container,
            container.path("securityContext", "capabilities", "add"),
            String.join(", ", found),
            wanted,
            Capabilities.added(container).stream()
                .filter(name -> allowed.contains(name) || granted.contains(name))
                .toList());
      }
    }

    void notDropped(@Nullable PodSecurityLevel level, List<String> wanted) {
      var dropped = Capabilities.dropped(container);
      if (!dropped.contains(ALL) && !dropped.containsAll(wanted)) {
        violations.add(
            level,
            container,
            container.path("securityContext", "capabilities", "drop"),
            dropped.isEmpty() ? "nothing" : String.join(", ", dropped),
            String.join(", ", wanted),
            Stream.concat(dropped.stream(), wanted.stream()).distinct().toList());
      }
    }
  }
}
