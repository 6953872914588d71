package dev.gambeson.yaml;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Where the elements of a list are written.
 *
 * @param staying the items that stay, each with the element that it becomes
 * @param before the elements to insert before an item
 * @param after the elements to append
 */
record ListPlan(
    Map<Integer, JsonNode> staying, Map<Integer, List<JsonNode>> before, List<JsonNode> after) {
  /**
   * Makes the plan.
   *
   * @param wanted the list with the changes
   */
  static ListPlan of(YamlNode.Sequence sequence, ArrayNode wanted, TreeChanges edits) {
    var staying = new HashMap<Integer, JsonNode>();
    var before = new LinkedHashMap<Integer, List<JsonNode>>();
    var added = new ArrayList<JsonNode>();
    int next = 0;
    for (int i = 0; i < wanted.size(); i++) {
      int item = edits.item(sequence, i);
      if (item == TreeChanges.NONE) {
        added.add(wanted.get(i));
        continue;
      }
      if (!added.isEmpty()) {
        before.put(next, added);
        added = new ArrayList<>();
      }
      staying.put(item, wanted.get(i));
      next = item + 1;
    }
    return new ListPlan(staying, before, added);
  }

  boolean stays(int item) {
    return staying.containsKey(item);
  }
}
