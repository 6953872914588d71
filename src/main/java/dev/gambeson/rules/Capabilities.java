package dev.gambeson.rules;

import static dev.gambeson.pod.Fields.CAPABILITIES;
import static dev.gambeson.pod.Fields.DROP;
import static dev.gambeson.rule.PodSecurityLevel.BASELINE;
import static dev.gambeson.rule.PodSecurityLevel.RESTRICTED;

import dev.gambeson.pod.ContainerRef;
import dev.gambeson.pod.PodIndex;
import dev.gambeson.pod.PodPatch;
import dev.gambeson.pod.PodTraits;
import dev.gambeson.rule.Doc;
import dev.gambeson.rule.LinuxCapabilities;
import dev.gambeson.rule.PodSecurityLevel;
import dev.gambeson.rule.Risk;
import dev.gambeson.rule.Rule;
import dev.gambeson.rule.Scope;
import dev.gambeson.rule.Tell;
import dev.gambeson.rule.Violation;
import dev.gambeson.rule.Violations;
import io.fabric8.kubernetes.api.model.Pod;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

@Doc(
    """
    Takes from containers the rights of root that they do not need.

    **Fields:** `securityContext.capabilities.drop` and `.add` of every container. **Allowed:** with
    Pod Security "baseline", to add `AUDIT_WRITE`, `CHOWN`, `DAC_OVERRIDE`, `FOWNER`, `FSETID`,
    `KILL`, `MKNOD`, `NET_BIND_SERVICE`, `SETFCAP`, `SETGID`, `SETPCAP`, `SETUID` and `SYS_CHROOT`;
    with "restricted", only `NET_BIND_SERVICE`, and `ALL` must be dropped. The rule's own check asks
    that what `drop` names is dropped.

    **The fix** drops what `drop` names, in containers whose author wrote neither a `drop` nor an
    `add` list: a list that somebody wrote is never extended. It leaves out `privileged` containers,
    which have every capability whatever they drop, and Windows pods. An image that starts as root
    and then changes its user, or the owner of files, fails without the capabilities for it.

    **Exemptions** are bounded by `add`, what may be added, and `drop`, what must be dropped in
    place of what is asked for. One with `drop` switches the fix off as well.

    **Standard:** Pod Security "baseline", every version; "restricted" from v1.22 on; Windows pods
    are exempt from the latter from v1.25 on.
    """)
record Capabilities(
    @Doc("the capabilities to drop, without the prefix `CAP_`: `[ALL]`, or at least `[NET_RAW]`")
        List<String> drop)
    implements Rule.Fix, Rule.Bounded<Capabilities.Values> {
  Capabilities {
    drop = List.copyOf(drop);
    LinuxCapabilities.requireNames("drop", drop);
  }

  Capabilities() {
    this(List.of(LinuxCapabilities.ALL));
  }

  /** What an exemption may let a container have. */
  record Values(
      @Doc("the capabilities that may be added, without the prefix `CAP_`") List<String> add,
      @Doc("the capabilities that must be dropped in place of those asked for; `[]` for none")
          @Nullable List<String> drop) {
    Values {
      add = List.copyOf(add);
      LinuxCapabilities.requireNames("add", add);
      if (add.contains(LinuxCapabilities.ALL)) {
        throw new IllegalArgumentException("add: ALL bounds nothing: name each capability");
      }
      if (drop != null) {
        drop = List.copyOf(drop);
        LinuxCapabilities.requireNames("drop", drop);
      } else if (add.isEmpty()) {
        throw new IllegalArgumentException(
            "add: is empty: write add: [NET_ADMIN] or drop: [] for example");
      }
    }
  }

  @Override
  public Risk risk() {
    return Risk.MAY_STOP_THE_IMAGE;
  }

  @Override
  public Optional<Tell> tell() {
    return Optional.of(
        new Tell(
            Tell.EXEC + " grep CapEff /proc/1/status",
            "shows 0000000000000000 where the process holds no capability that it could lose"));
  }

  @Override
  public Set<PodSecurityLevel> controls() {
    return Set.of(BASELINE, RESTRICTED);
  }

  @Override
  public boolean checksOptions() {
    return true;
  }

  @Override
  public void fix(PodPatch patch, Scope scope) {
    if (PodTraits.isWindows(patch.pod())) {
      return;
    }
    for (var container : fixable(patch.pod(), scope)) {
      if (container.isPrivileged() || !LinuxCapabilities.of(container).areUnset()) {
        continue;
      }
      var capabilities = patch.securityContext(container).child(CAPABILITIES);
      for (var name : drop()) {
        capabilities.append(DROP, name);
      }
    }
  }

  @Override
  public String atRisk() {
    return "it needs one of the capabilities";
  }

  @Override
  public void check(Pod pod, Scope scope, Violations violations) {
    boolean restricted =
        scope.version().atLeast(22)
            && !(scope.version().atLeast(25) && PodTraits.declaresWindows(pod));
    var allowed = LinuxCapabilities.allowed(restricted ? scope.enforced() : BASELINE);
    for (var container : containersOf(pod)) {
      var report = new Report(container, violations);
      report.added(BASELINE, allowed, List.of());
      if (restricted) {
        report.added(RESTRICTED, LinuxCapabilities.allowed(RESTRICTED), List.of());
        report.notDropped(RESTRICTED, List.of(LinuxCapabilities.ALL));
      }
      if (!PodTraits.declaresWindows(pod)) {
        report.notDropped(null, drop());
      }
    }
  }

  @Override
  public Class<Values> values() {
    return Values.class;
  }

  @Override
  public boolean exemptsFix(Values values) {
    return values.drop() != null;
  }

  @Override
  public Optional<Violation> remainder(List<Values> granted, Violation violation, PodIndex pod) {
    var container = pod.containerAt(violation.path()).orElseThrow();
    if (violation.path().last().equals("drop")) {
      var capabilities = LinuxCapabilities.of(container);
      boolean within =
          granted.stream().map(Values::drop).filter(Objects::nonNull).anyMatch(capabilities::drops);
      return within ? Optional.empty() : Optional.of(violation);
    }
    var remainder = new Violations(this);
    var add = granted.stream().flatMap(values -> values.add().stream()).toList();
    new Report(container, remainder)
        .added(Objects.requireNonNull(violation.level()), violation.allowed(), add);
    return remainder.all().stream().findFirst();
  }

  @Override
  public List<Values> tightestBounds(List<Violation> violations, PodIndex pod) {
    var add = new ArrayList<String>();
    List<String> drop = null;
    for (var violation : violations) {
      var capabilities = LinuxCapabilities.of(pod.containerAt(violation.path()).orElseThrow());
      if (violation.path().last().equals("drop")) {
        drop = capabilities.dropped().stream().filter(LinuxCapabilities::isName).toList();
        continue;
      }
      var names = capabilities.refusedBy(Objects.requireNonNull(violation.level()));
      if (names.stream()
          .allMatch(
              name -> LinuxCapabilities.isName(name) && !name.equals(LinuxCapabilities.ALL))) {
        add.addAll(names);
      }
    }
    return add.isEmpty() && drop == null ? List.of() : List.of(new Values(add, drop));
  }

  private record Report(
      ContainerRef container, LinuxCapabilities capabilities, Violations violations) {

    Report(ContainerRef container, Violations violations) {
      this(container, LinuxCapabilities.of(container), violations);
    }

    /** Reports what is added beyond the level; {@code allowed} is what no level refuses. */
    void added(PodSecurityLevel level, List<String> allowed, List<String> granted) {
      var found = new ArrayList<>(capabilities.refusedBy(level));
      found.removeAll(granted);
      if (!found.isEmpty()) {
        violations
            .at(container, container.path("securityContext", "capabilities", "add"))
            .level(level)
            .found(String.join(", ", found))
            .wanted(
                allowed.size() == 1
                    ? "at most " + allowed.getFirst()
                    : "only what Pod Security baseline allows")
            .allowed(allowed)
            .remedy(
                capabilities.added().stream()
                    .filter(
                        name -> LinuxCapabilities.isAllowed(name, level) || granted.contains(name))
                    .toList());
      }
    }

    void notDropped(@Nullable PodSecurityLevel level, List<String> wanted) {
      if (!capabilities.drops(wanted)) {
        var dropped = capabilities.dropped();
        violations
            .at(container, container.path("securityContext", "capabilities", "drop"))
            .level(level)
            .found(dropped.isEmpty() ? "nothing" : String.join(", ", dropped))
            .wanted(Violation.list(wanted, ", "))
            .remedy(LinuxCapabilities.spelt(Stream.concat(dropped.stream(), wanted.stream())));
      }
    }
  }
}
