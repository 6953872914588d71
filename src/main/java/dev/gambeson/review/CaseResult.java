package dev.gambeson.review;

import java.util.List;

/**
 * What came of a case.
 *
 * @param place {@code cases/web.yaml:12}
 * @param differences from what is expected, in lines; none where it passed
 */
public record CaseResult(String place, String name, List<String> differences) {
  public CaseResult {
    differences = List.copyOf(differences);
  }

  public boolean passed() {
    return differences.isEmpty();
  }
}
