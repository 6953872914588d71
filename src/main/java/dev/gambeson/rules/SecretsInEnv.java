package dev.gambeson.rules;

import dev.gambeson.pod.ContainerRef;
import dev.gambeson.pod.Glob;
import dev.gambeson.rule.Credential;
import dev.gambeson.rule.Doc;
import dev.gambeson.rule.Rule;
import dev.gambeson.rule.Scope;
import dev.gambeson.rule.Violation;
import dev.gambeson.rule.Violations;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.EnvVarBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Pattern;

@Doc(
    """
    Finds passwords, tokens and keys that stand in the manifest itself.

    There, everybody reads them who may read pods, and every backup and every repository of
    manifests keeps them.

    **Field:** `env[*].value` of every container, with `arguments: true` also `command` and `args`.
    **Allowed:** `valueFrom` and `envFrom`, `$(NAME)` references, and values that are no credential.

    **The check** goes by the end of the variable's name (`PASSWORD`, `PASS`, `SECRET`, `TOKEN`,
    `API_KEY`, `PRIVATE_KEY`, `CREDENTIALS` and their like, as whole words; so not `PASSWORD_FILE`
    or `TOKEN_URL`), and by the shape of the value: private keys, AWS access key ids, tokens of
    GitHub, GitLab and Slack, JSON web tokens, URLs and connection strings with a password.
    Switches, paths, URLs and placeholders like `<password>` or `changeme` pass. No part of a value
    is ever shown, in no message and no log.

    It is a guess: it misses what is called otherwise, and `exceptNames` is for what it takes for a
    credential and is none. `arguments` guesses more often wrongly.

    **Mind:** a credential that has been in a manifest is known. Moving it into a Secret does not
    make it secret again: change it.
    """)
record SecretsInEnv(
    @Doc("whether `command` and `args` are read as well: `--password=…`, and values by their shape")
        boolean arguments,
    @Doc(
            "variables and flags that are no credential: patterns of names in which `*` stands for any characters")
        List<String> exceptNames)
    implements Rule.Check {
  private static final Pattern FLAG = Pattern.compile("(?s)--?([A-Za-z][\\w.-]*)=(.*)");
  private static final Pattern NO_KEY = Pattern.compile("[^-._a-zA-Z0-9]");

  private static final int LONGEST_NAME = 63;

  SecretsInEnv {
    exceptNames = List.copyOf(exceptNames);
  }

  SecretsInEnv() {
    this(false, List.of());
  }

  @Override
  public void check(Pod pod, Scope scope, Violations violations) {
    for (var container : containersOf(pod)) {
      var env = container.container().getEnv();
      for (int i = 0; i < env.size(); i++) {
        checkVariable(container, i, env.get(i), violations);
      }
      if (arguments()) {
        checkTexts(container, "command", Container::getCommand, violations);
        checkTexts(container, "args", Container::getArgs, violations);
      }
    }
  }

  private void checkVariable(
      ContainerRef container, int i, EnvVar variable, Violations violations) {
    var name = variable.getName() == null ? "" : variable.getName();
    var value = variable.getValue() == null ? "" : variable.getValue();
    credential(name, value)
        .ifPresent(what ->
            violations
                .at(container, container.path("env").index(i))
                .found(name + " in plain text, " + what)
                .wanted("valueFrom.secretKeyRef in its place")
                .remedy(fromSecret(container, name)));
  }

  private void checkTexts(
      ContainerRef container,
      String field,
      Function<Container, List<String>> get,
      Violations violations) {
    var texts = get.apply(container.container());
    for (int i = 0; i < texts.size(); i++) {
      var text = texts.get(i) == null ? "" : texts.get(i);
      var flag = FLAG.matcher(text);
      var name = flag.matches() ? flag.group(1) : "";
      var path = container.path(field).index(i);
      credential(name, flag.matches() ? flag.group(2) : text)
          .ifPresent(what ->
              violations
                  .at(container, path)
                  .found((name.isEmpty() ? "plain text, " : name + " in plain text, ") + what)
                  .wanted("a variable of a Secret: $(NAME)")
                  .withoutRemedy());
    }
  }

  private Optional<String> credential(String name, String value) {
    return Glob.anyMatches(exceptNames(), name) ? Optional.empty() : Credential.in(name, value);
  }

  private static EnvVar fromSecret(ContainerRef container, String name) {
    // No valid name is longer, and each variable would take a copy of it.
    var secret = Violation.shorten(container.name(), LONGEST_NAME) + "-credentials";
    return new EnvVarBuilder()
        .withName(name)
        .withNewValueFrom()
        .withNewSecretKeyRef(NO_KEY.matcher(name).replaceAll("_"), secret, null)
        .endValueFrom()
        .build();
  }
}
