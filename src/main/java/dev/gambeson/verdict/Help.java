package dev.gambeson.verdict;

import dev.gambeson.rule.Doc;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where whoever is denied a pod reads on, and whom they ask.
 *
 * @param url an address of a page; with {@code {rule}}, of a page for each rule
 */
public record Help(
    @Doc(
            "The page that every denial names: an `http` or `https` URL of at most 200 characters."
                + " `{rule}` in it stands for the name of the rule, and each broken rule has its"
                + " line then.")
        @Nullable String url,
    @Doc("Whom to ask, in at most 100 characters: a chat channel or an email address, for example.")
        @Nullable String contact) {
  public static final Help NONE = new Help(null, null);

  private static final String RULE = "{rule}";

  /** The pages about these rules, the first one's first. */
  public List<String> pages(Collection<String> rules) {
    var page = url;
    if (page == null) {
      return List.of();
    }
    return rules.stream().map(rule -> page.replace(RULE, rule)).distinct().toList();
  }
}
