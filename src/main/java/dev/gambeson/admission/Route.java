package dev.gambeson.admission;

import dev.gambeson.rule.PodSecurityLevel;
import org.jspecify.annotations.Nullable;

/**
 * Where a request came in.
 *
 * @param profile the profile in its path; null where it names none
 * @param level the Pod Security level of the namespace in its path
 */
public record Route(Webhook webhook, @Nullable String profile, PodSecurityLevel level) {}
