package dev.gambeson.explain;

import static dev.gambeson.explain.Certainty.CERTAIN;
import static dev.gambeson.explain.Certainty.LIKELY;
import static dev.gambeson.explain.Certainty.POSSIBLE;
import static dev.gambeson.explain.Idea.inContainer;
import static dev.gambeson.explain.Idea.write;
import static dev.gambeson.explain.Symptom.ofLog;

import java.util.List;
import java.util.Map;

/** What programs write that lack a right, the most telling first. */
final class PermissionSymptoms {
  private static final String DENIED = "(?:permission denied|EACCES)";
  private static final String NOT_PERMITTED = "(?:operation not permitted|EPERM)";
  private static final String NEITHER = "(?:" + DENIED + "|" + NOT_PERMITTED + ")";

  private static final Suspect USER =
      Suspect.of(
          "RunAsUser",
          LIKELY,
          "the fix chose the user, and the files of the image or the volume are another one's",
          Ideas::shareVolume,
          inContainer(
              "Name a user that may",
              Ideas.fillIn("the ID of a user that can read and write its files"),
              "securityContext",
              "runAsUser"));

  private static final Idea LOW_PORTS =
      Ideas.sysctl(
          "Open the ports below 1024 to every user of the pod, or listen on a higher one",
          "net.ipv4.ip_unprivileged_port_start",
          "0");

  private static final Idea PING =
      Ideas.sysctl("Let every group of the pod ping", "net.ipv4.ping_group_range", "0 2147483647");

  static final List<Symptom> ALL =
      List.of(
          ofLog(
              "container \"{container}\" cannot gain privileges by sudo or the like",
              "no.new.privileges",
              "its author wrote allowPrivilegeEscalation: false",
              privileges(CERTAIN, "the fix forbids to gain privileges, as the line says")),
          ofLog(
              "container \"{container}\" cannot gain privileges by a set-user-ID program",
              "effective uid is not 0|must be (?:setuid|suid|run as) root|setuid root",
              "no fix forbids it: the program lacks the set-user-ID bit, or its author forbids it",
              privileges(LIKELY, "the fix forbids to gain privileges by set-user-ID programs")),
          ofLog(
                  "container \"{container}\" may not listen on a port",
                  NEITHER,
                  "no fix chose its user or took its capabilities: ports below 1024 are for root",
                  Suspect.of(
                      "RunAsUser",
                      LIKELY,
                      "the fix chose a user that is not root, and ports below 1024 are for root",
                      LOW_PORTS),
                  Suspect.of(
                          "Capabilities",
                          LIKELY,
                          "the fix took NET_BIND_SERVICE, without which ports below 1024 are closed",
                          LOW_PORTS)
                      .where(PermissionSymptoms::mayBeRoot),
                  fileCapabilities("NET_BIND_SERVICE", LOW_PORTS))
              .about("\\bbind\\b|\\blisten"),
          ofLog(
                  "container \"{container}\" may not ping",
                  NEITHER + "|lacking privilege|are you root",
                  "no fix took its capabilities",
                  Suspect.of("Capabilities", LIKELY, "the fix took NET_RAW, which ping uses", PING)
                      .where(PermissionSymptoms::mayBeRoot),
                  fileCapabilities("NET_RAW", PING))
              .about("\\bping\\b"),
          ofLog(
                  "container \"{container}\" may not change the owner of files",
                  NEITHER,
                  "its user is not root, and no fix chose that user",
                  Suspect.of(
                          "Capabilities",
                          LIKELY,
                          "the fix took CHOWN, which root needs to change owners",
                          Ideas.addCapabilities("Let it change owners", "CHOWN"))
                      .where(PermissionSymptoms::mayBeRoot),
                  USER)
              .about("\\bl?chown|changing ownership|change owner"),
          ofLog(
                  "container \"{container}\" may not change its user or group",
                  NEITHER,
                  "its user is not root, and no fix chose that user",
                  Suspect.of(
                          "Capabilities",
                          LIKELY,
                          "the fix took SETUID and SETGID, which root needs to become another user",
                          Ideas.addCapabilities("Let it become another user", "SETGID", "SETUID"))
                      .where(PermissionSymptoms::mayBeRoot),
                  USER)
              .about(
                  "set(?:res|e)?[ug]id|set ?groups|init ?groups|su-exec|gosu|setpriv|runuser"
                      + "|switch(?:ing)? (?:to|user)|drop(?:ping)? privileges|\\bsu:"),
          ofLog(
                  "container \"{container}\" may not create namespaces",
                  NEITHER + "|permission",
                  "no fix filters its system calls",
                  Suspect.of(
                      "SeccompProfile",
                      LIKELY,
                      "the fix chose the runtime's filter of system calls, which refuses namespaces",
                      inContainer(
                          "Run it without a filter; a profile of your own on the nodes is safer",
                          Map.of("type", "Unconfined"),
                          "securityContext",
                          "seccompProfile")))
              .about("unshare|\\bclone|namespace|bwrap"),
          ofLog(
                  "container \"{container}\" may not mount file systems",
                  NEITHER + "|are you root",
                  "mounting needs the capability SYS_ADMIN, which no container has unless its author"
                      + " adds it")
              .about("\\bu?mount\\b"),
          ofLog(
                  "container \"{container}\" may not use {path}",
                  DENIED,
                  "",
                  USER,
                  Suspect.of(
                          "Capabilities",
                          POSSIBLE,
                          "the fix took DAC_OVERRIDE, by which root uses the files of others",
                          Ideas.addCapabilities("Let root use the files of others", "DAC_OVERRIDE"))
                      .where(PermissionSymptoms::mayBeRoot))
              .otherwise(PermissionSymptoms::whoMayNot),
          ofLog(
                  "container \"{container}\" may not do what it tries",
                  NOT_PERMITTED,
                  "",
                  Suspect.of(
                          "Capabilities",
                          POSSIBLE,
                          "the fix took the capabilities of root; the line does not say which is"
                              + " needed",
                          inContainer(
                              "Keep most capabilities that the container runtime gives",
                              Map.of("drop", List.of("NET_RAW")),
                              "securityContext",
                              "capabilities"))
                      .where(PermissionSymptoms::mayBeRoot),
                  Suspect.of(
                      "SeccompProfile",
                      POSSIBLE,
                      "the fix chose the runtime's filter of system calls",
                      inContainer(
                          "Try it without the filter",
                          Map.of("type", "Unconfined"),
                          "securityContext",
                          "seccompProfile")),
                  privileges(POSSIBLE, "the fix forbids to gain privileges"))
              .otherwise(PermissionSymptoms::whoMayNot));

  private PermissionSymptoms() {}

  /** Of a program that runs as a user that is not root. */
  private static Suspect fileCapabilities(String name, Idea idea) {
    return Suspect.of(
            "AllowPrivilegeEscalation",
            POSSIBLE,
            "the fix disables file capabilities and set-user-ID bits, by which the program may have"
                + " had "
                + name,
            idea)
        .where(hit -> !mayBeRoot(hit));
  }

  private static Suspect privileges(Certainty certainty, String why) {
    return Suspect.of(
        "AllowPrivilegeEscalation",
        certainty,
        why,
        write("Let it gain privileges; to start as the user that it needs is better", true));
  }

  private static String whoMayNot(Hit hit) {
    return mayBeRoot(hit)
        ? "no fix chose its user or took its rights"
        : "its user is not root, and no fix chose that user: the image or its author did";
  }

  /** Whether the container may run as root, as far as its pod tells. */
  private static boolean mayBeRoot(Hit hit) {
    var own = hit.ofContainer("securityContext");
    var ofPod = hit.at(ObservedPod.SPEC).path("securityContext");
    var user = own.has("runAsUser") ? own.path("runAsUser") : ofPod.path("runAsUser");
    var nonRoot = own.has("runAsNonRoot") ? own.path("runAsNonRoot") : ofPod.path("runAsNonRoot");
    return user.isIntegralNumber() ? user.longValue() == 0 : !nonRoot.asBoolean();
  }
}
