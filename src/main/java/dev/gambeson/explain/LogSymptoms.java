package dev.gambeson.explain;

import static dev.gambeson.explain.Certainty.CERTAIN;
import static dev.gambeson.explain.Certainty.LIKELY;
import static dev.gambeson.explain.Idea.exempt;
import static dev.gambeson.explain.Idea.write;
import static dev.gambeson.explain.Symptom.ofLog;

import java.util.List;
import java.util.Optional;

/** What programs write that miss a file, a place or an amount, the most telling first. */
final class LogSymptoms {
  private static final String TOKEN = "/var/run/secrets/kubernetes\\.io/serviceaccount";

  static final List<Symptom> ALL =
      List.of(
          ofLog(
                  "container \"{container}\" misses the token of its service account",
                  "no such file|not exist|cannot find|not found|NoSuchFile|FileNotFound|ENOENT",
                  "the pod's author, or its service account, leaves the token out",
                  Suspect.of(
                          "ServiceAccountToken",
                          CERTAIN,
                          "the fix took the token out of the pod",
                          write("Ask for the token", true))
                      .in("automountServiceAccountToken"))
              .about(TOKEN + "|service token file"),
          ofLog(
                  "container \"{container}\" cannot write to {path}: the file system is read-only",
                  "read-only file ?system|EROFS",
                  "",
                  readOnlyRoot(
                          CERTAIN,
                          "the fix made the root file system read-only, and no volume is mounted"
                              + " there")
                      .where(hit ->
                          !hit.word("path").isEmpty()
                              && Mounts.of(hit.word("path"), hit).isEmpty()),
                  readOnlyRoot(
                          LIKELY,
                          "the fix made the root file system read-only; the line does not name the"
                              + " whole path")
                      .where(hit -> hit.word("path").isEmpty()))
              .otherwise(LogSymptoms::readOnlyMount),
          ofLog(
              "container \"{container}\" finds no directory for temporary files",
              "could not find a temporary directory|is world.writable",
              "no fix mounted a directory at /tmp",
              Suspect.of(
                      "ReadOnlyRootFilesystem",
                      LIKELY,
                      "the fix mounted an empty directory at /tmp, whose mode lacks the sticky bit",
                      Ideas.set(
                          "Let a group own the directory",
                          Ideas.FS_GROUP,
                          Ideas.fillIn(Ideas.GROUP)))
                  .provided(
                      (hit, field) -> field.value().path("mountPath").asText().equals("/tmp"))),
          ofLog(
              "container \"{container}\" has no room left at {path}",
              "no space left on device|ENOSPC",
              "no fix bounds a directory in memory there",
              Suspect.of(
                      "EmptyDirSizeLimit",
                      LIKELY,
                      "the fix filled in the sizeLimit of the directory in memory",
                      Ideas.twice("Give the volume a limit of its own"))
                  .in("emptyDir", "sizeLimit")
                  .provided(LogSymptoms::isMemoryOf)),
          ofLog(
              "container \"{container}\" has no more memory",
              "OutOfMemoryError|heap out of memory|cannot allocate memory|\\bENOMEM\\b",
              "no fix wrote its memory limit",
              Suspect.of(
                      "Resources",
                      LIKELY,
                      "the fix filled in the container's memory limit, from which runtimes such as"
                          + " Java's take the size of their heap",
                      Ideas.twice("Give it a memory limit of its own"))
                  .in("resources", "limits", "memory")),
          ofLog(
              "the files of lxcfs in container \"{container}\" have lost their server",
              "transport endpoint is not connected",
              "no fix mounted files of lxcfs: another file system in user space has gone",
              Suspect.of(
                  "LxcfsMounts",
                  LIKELY,
                  "lxcfs restarted on the node since the container did: delete the pod",
                  exempt("Leave out the files of lxcfs"))),
          ofLog(
                  "container \"{container}\" misses the address of a Service in its environment",
                  "not set|unset|undefined|unbound|missing|required|not found|empty|KeyError",
                  "its author leaves out the addresses of Services, or there is no such Service",
                  Suspect.of(
                          "ServiceLinks",
                          LIKELY,
                          "the fix took the addresses of Services out of the environment",
                          exempt("Use the DNS names of Services, or keep their addresses"))
                      .in("enableServiceLinks"))
              .about(
                  "\\b(?!KUBERNETES_)[A-Z][A-Z0-9_]{0,60}_(?:SERVICE_HOST|SERVICE_PORT|PORT_\\d{1,5}_TCP)"),
          ofLog(
              "container \"{container}\" does not know its time zone",
              "unknown (?:or bad )?time ?zone|ZoneInfoNotFound|no time ?zone found|invalid time ?zone"
                  + "|ZoneRulesException",
              "no fix wrote its time zone",
              Suspect.of(
                  "Timezone",
                  LIKELY,
                  "the fix wrote TZ, and the image has no file of that zone",
                  LogSymptoms::ownZone)));

  private LogSymptoms() {}

  private static Suspect readOnlyRoot(Certainty certainty, String why) {
    return Suspect.of(
            "ReadOnlyRootFilesystem",
            certainty,
            why,
            Ideas::mountDirectory,
            write("Let it write to its root file system", false))
        .in("readOnlyRootFilesystem");
  }

  private static String readOnlyMount(Hit hit) {
    var path = hit.word("path");
    return Mounts.of(path, hit)
        .filter(mount -> !path.isEmpty())
        .map(mount ->
            "no fix made it so: the volume \"%s\" is mounted there%s"
                .formatted(
                    mount.path("name").asText(),
                    mount.path("readOnly").asBoolean() ? ", read-only" : ""))
        .orElse("no fix made a file system of the container read-only");
  }

  /** Whether the field bounds a directory in memory that the line may be about. */
  private static boolean isMemoryOf(Hit hit, FilledField field) {
    var volume = hit.at(field.path().parent().parent());
    var path = hit.word("path");
    return volume.path("emptyDir").path("medium").asText().equals("Memory")
        && (path.isEmpty() || Mounts.volume(path, hit).equals(volume));
  }

  private static Optional<Idea.Advice> ownZone(Hit hit, FilledField field) {
    return hit.containerPath()
        .map(container -> {
          var env = container.field("env");
          return new Idea.Advice(
              "Name a zone that the image knows",
              List.of(new Setting(env.index(hit.at(env).size()), Ideas.named("TZ", "UTC"))));
        });
  }
}
