package dev.gambeson.review;

import dev.gambeson.rule.Requester;
import dev.gambeson.verdict.Configuration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What a verdict depends on besides the objects.
 *
 * @param choice the profile of every object; null where its namespace chooses
 * @param namespace that of objects that name none
 * @param now the moment of the verdict
 * @param requester who creates Pods; those of workloads their controller creates
 * @param proposesExemptions whether to look for exemptions that let pass what is refused
 */
public record ReviewTerms(
    Configuration configuration,
    Configuration.@Nullable Choice choice,
    String namespace,
    Instant now,
    Requester requester,
    boolean proposesExemptions) {

  /** The same under one profile. */
  public ReviewTerms under(Configuration.Choice other) {
    return new ReviewTerms(configuration, other, namespace, now, requester, proposesExemptions);
  }
}
