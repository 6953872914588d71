package dev.gambeson.rules;

import dev.gambeson.pod.ContainerRef;
import dev.gambeson.rule.Doc;
import dev.gambeson.rule.Rule;
import dev.gambeson.rule.Scope;
import dev.gambeson.rule.Violations;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.Pod;
import java.util.HashMap;
import java.util.LinkedHashMap;

@Doc(
    """
    Finds variables that a container defines more than once.

    The container gets the last value only, and `kubectl apply` may drop one of the definitions: it
    merges `env` by name.

    **Field:** `env[*].name` of every container. **Allowed:** a name once, and again in a value that
    refers to the definition before it: `$(PATH):/opt/bin` for `PATH`. Names from `envFrom` do not
    count: `env` is meant to override them.

    **The check** reports each name once per container, at its last definition that hides another
    one, and says where the first one is. It shows no value, and has no remedy: only the author
    knows which value is meant.

    **Standard:** none; the API server warns of such variables itself.
    """)
record EnvDuplicates() implements Rule.Check {

  @Override
  public void check(Pod pod, Scope scope, Violations violations) {
    for (var container : containersOf(pod)) {
      check(container, violations);
    }
  }

  private static void check(ContainerRef container, Violations violations) {
    var first = new HashMap<String, Integer>();
    var hiding = new LinkedHashMap<String, Integer>();
    var env = container.container().getEnv();
    for (int i = 0; i < env.size(); i++) {
      var name = env.get(i).getName();
      if (name != null && first.putIfAbsent(name, i) != null && !refersTo(name, env.get(i))) {
        hiding.putLast(name, i);
      }
    }
    hiding.forEach((name, last) ->
        violations
            .at(container, container.path("env").index(last))
            .found(name + " again, first defined in env[" + first.get(name) + "]")
            .wanted("one definition of each variable")
            .withoutRemedy());
  }

  /** Whether the value has the earlier one in it, and more. */
  private static boolean refersTo(String name, EnvVar variable) {
    var value = variable.getValue();
    return value != null && value.length() > name.length() + 3 && hasReference(name, value);
  }

  /** Reads the value once, as the kubelet does: {@code $$} is a dollar sign. */
  private static boolean hasReference(String name, String value) {
    int end = 0;
    for (int at = value.indexOf('$'); at >= 0 && end >= 0; at = value.indexOf('$', at)) {
      at++;
      if (value.startsWith("$", at)) {
        at++;
      } else if (value.startsWith("(", at)) {
        end = value.indexOf(')', at);
        if (end == at + 1 + name.length() && value.startsWith(name, at + 1)) {
          return true;
        }
        at = end + 1;
      }
    }
    return false;
  }
}
