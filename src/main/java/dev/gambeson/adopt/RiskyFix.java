package dev.gambeson.adopt;

import dev.gambeson.rule.Risk;
import org.jspecify.annotations.Nullable;

/**
 * A fix that may stop a container that runs.
 *
 * @param workload in the form {@code deployment/web}
 * @param container its name
 * @param command the shell command that tells beforehand; null where only a trial tells
 * @param meaning what to read from the output of the rule's command; empty where it has none
 */
public record RiskyFix(
    String workload,
    String container,
    String rule,
    Risk risk,
    @Nullable String command,
    String meaning) {}
