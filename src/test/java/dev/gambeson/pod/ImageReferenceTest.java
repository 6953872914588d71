package dev.gambeson.pod;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Random;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Image references mean what they mean to container runtimes. */
class ImageReferenceTest {
  private static final String SHA256 = "sha256:" + "0123456789abcdef".repeat(4);

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          nginx                             | docker.io          | library/nginx     |      | -
          nginx:1.29                        | docker.io          | library/nginx     | 1.29 | -
          nginx@DIGEST                      | docker.io          | library/nginx     |      | DIGEST
          nginx:1.29@DIGEST                 | docker.io          | library/nginx     | 1.29 | DIGEST
          team/app                          | docker.io          | team/app          |      | -
          a/b/c/d:1                         | docker.io          | a/b/c/d           | 1    | -
          docker.io/nginx                   | docker.io          | library/nginx     |      | -
          docker.io/team/app                | docker.io          | team/app          |      | -
          Docker.io/nginx                   | docker.io          | library/nginx     |      | -
          index.docker.io/nginx:1           | docker.io          | library/nginx     | 1    | -
          registry-1.docker.io/library/a    | registry-1.docker.io | library/a       |      | -
          library/nginx                     | docker.io          | library/nginx     |      | -
          host:5000/app                     | host:5000          | app               |      | -
          host:5000/app:5001                | host:5000          | app               | 5001 | -
          host:5000                         | docker.io          | library/host      | 5000 | -
          localhost                         | docker.io          | library/localhost |      | -
          localhost:5000                    | docker.io          | library/localhost | 5000 | -
          localhost/app                     | localhost          | app               |      | -
          LOCALHOST/app                     | localhost          | app               |      | -
          localhost:5000/app                | localhost:5000     | app               |      | -
          registry.example.com/app          | registry.example.com | app             |      | -
          registry.example.com              | docker.io          | library/registry.example.com | | -
          Registry.Example.COM/team/app:V1  | registry.example.com | team/app        | V1   | -
          Team/app                          | Team               | app               |      | -
          registry.example.com:5000/a/b:c@DIGEST | registry.example.com:5000 | a/b   | c    | DIGEST
          10.0.0.1/app                      | 10.0.0.1           | app               |      | -
          [::1]:5000/app                    | [::1]:5000         | app               |      | -
          [2001:DB8::1]/app:1               | [2001:db8::1]      | app               | 1    | -
          a--b/c__d/e.f_g-h                 | docker.io          | a--b/c__d/e.f_g-h |      | -
          xn--nxasmm1c.example/app          | xn--nxasmm1c.example | app             |      | -
          app:_under.score-dash             | docker.io          | library/app       | _under.score-dash | -
          """)
  void means(String text, String host, String repository, String tag, String digest) {
    var image = ImageReference.parse(text.replace("DIGEST", SHA256)).orElseThrow();

    assertThat(image.host()).isEqualTo(host);
    assertThat(image.repository()).isEqualTo(repository);
    assertThat(image.tag()).isEqualTo(tag);
    assertThat(image.digest()).isEqualTo(digest.equals("DIGEST") ? SHA256 : null);
    assertThat(ImageReference.parse(image.toString())).contains(image);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        " nginx",
        "nginx ",
        "nginx\n",
        "NGINX",
        "team/App",
        "registry.example.com/App",
        "https://registry.example.com/app",
        "user:password@registry.example.com/app",
        "registry.example.com./app",
        "-registry.example.com/app",
        "registry..example.com/app",
        "registry.example.com:/app",
        "registry.example.com:http/app",
        "registry.example.com//app",
        "registry.example.com/",
        "/app",
        "app/",
        "app:",
        "app@",
        "app:1:2",
        "app:-1",
        "app@sha256:abc",
        "app@sha256",
        "app@md5:d41d8cd98f00b204e9800998ecf8427e",
        "app@latest@latest",
        "a___b",
        "a..b",
        "_a",
        "a-",
        "[::1/app",
        "[fe80::1%eth0]/app",
        "{{ .Values.image }}",
        "${IMAGE}",
        "bücher/app",
        "ａｐｐ",
        "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
      })
  void meansNothing(String text) {
    assertThat(ImageReference.parse(text)).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          registry.example.com/team/APP:1 | its name has upper case letters
          app:1@sha256:abc                | its digest is not sha256: and 64 hexadecimal digits
          host//app                       | its name has an empty part or odd characters
          app:                            | its tag is empty, too long or has odd characters
          registry..example.com/app       | its registry is not a host name
          """)
  void saysWhyItMeansNothing(String text, String fault) {
    assertThat(ImageReference.fault(text)).contains(fault);
    assertThat(ImageReference.fault("nginx")).isEmpty();
  }

  @Test
  void hasBounds() {
    assertThat(ImageReference.parse("a/" + "b".repeat(253))).isPresent();
    assertThat(ImageReference.parse("a/" + "b".repeat(254))).isEmpty();
    assertThat(ImageReference.parse("a:" + "b".repeat(128))).isPresent();
    assertThat(ImageReference.parse("a:" + "b".repeat(129))).isEmpty();
    assertThat(ImageReference.parse("a-".repeat(1_000_000) + "a")).isEmpty();
    assertThat(ImageReference.parse("a.".repeat(500) + "a/b")).isPresent();
  }

  @Test
  void knowsTheTagThatCounts() {
    assertThat(ImageReference.parse("app").orElseThrow().effectiveTag()).contains("latest");
    assertThat(ImageReference.parse("host:5000/app").orElseThrow().effectiveTag())
        .contains("latest");
    assertThat(ImageReference.parse("app:2").orElseThrow().effectiveTag()).contains("2");
    assertThat(ImageReference.parse("app@" + SHA256).orElseThrow().effectiveTag()).isEmpty();
  }

  @Test
  void takesAnotherNameWithTagAndDigest() {
    var image = ImageReference.parse("app:2@" + SHA256).orElseThrow();

    assertThat(image.named("mirror.example.com/app").map(ImageReference::toString))
        .contains("mirror.example.com/app:2@" + SHA256);
    assertThat(image.named("mirror.example.com/")).isEmpty();
  }

  @Test
  void neverThrows() {
    var random = new Random(1);
    var letters = "aZ0.:/@-_[]* \t\u0000é" + SHA256;
    for (int i = 0; i < 20_000; i++) {
      var text = new StringBuilder();
      for (int length = random.nextInt(40); length > 0; length--) {
        text.append(letters.charAt(random.nextInt(letters.length())));
      }
      ImageReference.parse(text.toString())
          .ifPresent(image -> assertThat(ImageReference.parse(image.toString())).contains(image));
    }
  }

  /** The grammar of github.com/distribution/reference, for the name and the tag. */
  private static final Pattern GRAMMAR =
      Pattern.compile(
          "SEGMENT(/SEGMENT)*(:[A-Za-z0-9_][A-Za-z0-9_.-]{0,127})?"
              .replace("SEGMENT", "[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*"));

  @Test
  void namesAndTagsFollowTheGrammar() {
    assertFollows(GRAMMAR, List.of("a/"), "ab0._-__/A:", 12, "");
  }

  /** The same grammar, for the registry of an image. */
  private static final Pattern HOST_GRAMMAR =
      Pattern.compile(
          "(LABEL(\\.LABEL)*|\\[[a-fA-F0-9:]+\\])(:[0-9]+)?/app"
              .replace("LABEL", "(?:[a-zA-Z0-9]|[a-zA-Z0-9][a-zA-Z0-9-]*[a-zA-Z0-9])"));

  @Test
  void registriesFollowTheGrammar() {
    assertFollows(HOST_GRAMMAR, List.of("[a:", "a.", "a.", "a."), "aZ0.--::_]9", 8, "/app");
  }

  /** Tries texts of a start, random letters and an end. */
  private static void assertFollows(
      Pattern grammar, List<String> starts, String letters, int mostLetters, String end) {
    var random = new Random(7);
    int valid = 0;
    for (int i = 0; i < 50_000; i++) {
      var text = new StringBuilder(starts.get(random.nextInt(starts.size())));
      for (int j = random.nextInt(mostLetters); j >= 0; j--) {
        text.append(letters.charAt(random.nextInt(letters.length())));
      }
      text.append(end);
      boolean wanted = grammar.matcher(text).matches();
      valid += wanted ? 1 : 0;

      assertThat(ImageReference.parse(text.toString()).isPresent())
          .as(text.toString())
          .isEqualTo(wanted);
    }
    assertThat(valid).isBetween(1_000, 49_000);
  }
}
