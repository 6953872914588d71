package dev.gambeson.rule;

/**
 * A command that tells, before a fix is in force, whether a container that runs would suffer from
 * it.
 *
 * @param command with the placeholders {@value #EXEC}, {@value #NAMESPACE}, {@value #ACCOUNT} and
 *     {@value #MOUNT}
 * @param meaning what to read from its output, as the end of a sentence about the command
 */
public record Tell(String command, String meaning) {
  /** {@code kubectl exec} into the container, to the {@code --} before the command. */
  public static final String EXEC = "{exec}";

  /** The name of the pod's namespace. */
  public static final String NAMESPACE = "{namespace}";

  /** The name of the pod's service account. */
  public static final String ACCOUNT = "{account}";

  /** The folder where the container mounts the volume that the fix changes. */
  public static final String MOUNT = "{mount}";
}
