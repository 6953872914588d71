package dev.gambeson.rule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is taken for a credential, and what is not. */
class CredentialTest {
  private static final String BY_NAME = "a credential by its name";

  @ParameterizedTest
  @ValueSource(
      strings = {
        "PASSWORD",
        "DB_PASSWORD",
        "DB_PASSWORD_2",
        "PGPASSWORD",
        "odd name/TOKEN",
        "dbPassword",
        "spring.datasource.password",
        "mysql-root-password",
        "SMTP_PASS",
        "MYSQL_PWD",
        "SSH_PASSPHRASE",
        "CLIENT_SECRET",
        "TOKEN",
        "API_TOKEN",
        "API_KEY",
        "STRIPE_APIKEY",
        "PRIVATE_KEY",
        "AWS_SECRET_ACCESS_KEY",
        "SECRET_KEY",
        "SECRET_KEY_BASE",
        "REGISTRY_CREDENTIALS"
      })
  void isACredentialByItsName(String name) {
    assertThat(Credential.in(name, "hunter2")).contains(BY_NAME);
    assertThat(Credential.in(name, "$(OTHER)")).isEmpty();
    assertThat(Credential.in(name, "")).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "PASSWORD_FILE",
        "TOKEN_URL",
        "TOKEN_TTL",
        "SECRET_NAME",
        "TLS_SECRET",
        "IMAGE_PULL_SECRET",
        "PASSWORD_POLICY",
        "MAX_TOKENS",
        "PWD",
        "OLDPWD",
        "COMPASS",
        "BYPASS",
        "TOKENIZER",
        "PUBLIC_KEY",
        "KEY",
        "PATH",
        ""
      })
  void isNoCredentialByItsName(String name) {
    assertThat(Credential.in(name, "hunter2")).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "true",
        "No",
        "/run/secrets/password",
        "./password.txt",
        "C:\\secrets\\password",
        "https://vault.example.com/v1/password",
        "vault:secret/data/db#password",
        "arn:aws:secretsmanager:eu-central-1:1:secret:db",
        "<password>",
        "${DB_PASSWORD}",
        "{{ .Values.password }}",
        "$DB_PASSWORD",
        "prefix-$(DB_PASSWORD)",
        "changeme",
        "please-change-me-now",
        "REPLACE_ME",
        "your-password",
        "xxxxxxxx",
        "********",
        "example-password",
        "TODO"
      })
  void isNoCredentialByItsValue(String value) {
    assertThat(Credential.in("DB_PASSWORD", value)).isEmpty();
  }

  @Test
  void aNumberIsAPasswordButNoToken() {
    assertThat(Credential.in("MYSQL_ROOT_PASSWORD", "123456")).contains(BY_NAME);
    assertThat(Credential.in("MAX_TOKEN", "4096")).isEmpty();
    assertThat(Credential.in("TOKEN", "30s")).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          a private key         | -----BEGIN PRIVATE KEY-----MIIE
          a private key         | -----BEGIN OPENSSH PRIVATE KEY-----b3Bl
          a private key         | -----BEGIN PGP PRIVATE KEY BLOCK-----lQOY
          an AWS access key id  | AKIA2E7A5F3B244C7762
          a GitHub token        | Bearer ghp_aB3aB3aB3aB3aB3aB3aB3aB3aB3aB3aB3aB3
          a GitHub token        | github_pat_11ABCDEFG0aB3aB3aB3aB3_aB3aB3aB3aB3aB3aB3aB3aB3aB3aB3aB3aB3aB3
          a GitHub token        | gho_aB3aB3aB3aB3aB3aB3aB3aB3aB3aB3aB3aB3
          a GitLab token        | glpat-aB3-aB3-aB3-aB3-aB3-
          a GitLab token        | glrt-aB3-aB3-aB3-aB3-aB3-
          a Slack token         | xoxb-2314567890-abcdef
          a Slack token         | xoxb-2314567890
          a Slack webhook       | https://hooks.slack.com/services/T0ABCDEFG/B0ABCDEFG/c2VjcmV0
          a JSON web token      | eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJ3ZWIifQ.c2lnbmF0dXJlLXNpZ25hdHVyZQ
          a URL with a password | postgres://web:hunter2@db:5432/shop
          a URL with a password | redis://:hunter2@cache
          a URL with a password | a://:h@c
          a URL with a password | jdbc:postgresql://web:hunter2@db/shop
          a connection string with a password | jdbc:mysql://db/shop?user=web&password=hunter2
          a connection string with a password | ;pwd=h
          a connection string with a password | AccountName=shop;AccountKey=aHVudGVyMg==
          a connection string with a password | host=db; PASSWD=hunter2
          a connection string with a password | Server=db;User Id=web;Password=hunter2;
          """)
  void isACredentialByItsShape(String what, String value) {
    assertThat(Credential.in("DATA", value)).contains(what + " by its shape");
    assertThat(Credential.in("", value)).contains(what + " by its shape");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "-----BEGIN CERTIFICATE-----MIIE",
        "-----BEGIN PUBLIC KEY-----MIIE",
        "AKIAIOSFODNN7EXAMPLE",
        "https://db.example.com:5432/shop",
        "https://db:5432/a@b",
        "postgres://web@db/shop",
        "postgres://web:$(DB_PASSWORD)@db/shop",
        "postgres://web:${DB_PASSWORD}@db/shop",
        "postgres://web:<password>@db/shop",
        "postgres://%s:%s@db/shop",
        "jdbc:mysql://db/shop?password=$(DB_PASSWORD)",
        "see eyJ and ghp_ and xoxb-",
        "the password is in the vault",
        "registry.example.com:5000/app@sha256:00"
      })
  void isNoCredentialByItsShape(String value) {
    assertThat(Credential.in("DATA", value)).isEmpty();
  }

  @Test
  void aLongTextTakesNoLongerThanItsLength() {
    // With something of every shape, so that each is looked for.
    var start = "PRIVATE KEY AKIA gh_ github_pat_ gl- xox hooks.slack.com .eyJ ://@= ";
    var pieces =
        Stream.of(
            "$(",
            "a://b:",
            "eyJ",
            "eyJaaaaaaaa.",
            "-----BEGIN ",
            "?password=",
            ";",
            "&    ",
            ";passwor",
            "a",
            "%",
            "x-");
    assertTimeoutPreemptively(
        Duration.ofSeconds(20),
        () -> pieces.forEach(piece -> Credential.in("TOKEN", start + piece.repeat(100_000))));
  }
}
