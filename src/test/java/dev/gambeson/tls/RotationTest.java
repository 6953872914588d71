package dev.gambeson.tls;

import static org.assertj.core.api.Assertions.assertThat;

import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Replicas that share authorities, in a world whose clock the test turns. */
class RotationTest {
  private static final Rotation.Times TIMES =
      new Rotation.Times(Duration.ofMinutes(120), Duration.ofMinutes(30), Duration.ofMinutes(10));

  private Instant now = Instant.parse("2026-11-21T08:00:00Z");

  /** What is stored and what is trusted, as the API server has it. */
  private Authorities stored = Authorities.NONE;

  private Set<X509Certificate> trusted = Set.of();

  /** One replica, which sees what is stored and trusted some steps late. */
  private final class Replica {
    private final Rotation rotation;
    private final int lateness;
    private final List<Authorities> storedBefore = new ArrayList<>();
    private final List<Set<X509Certificate>> trustedBefore = new ArrayList<>();
    private final Set<X509Certificate> signers = new HashSet<>();

    private Replica() {
      this(Duration.ZERO, 0, new Random(1));
    }

    private Replica(Random random) {
      this(Duration.ofSeconds(random.nextInt(121) - 60), random.nextInt(3), random);
    }

    private Replica(Duration skew, int lateness, Random random) {
      this.lateness = lateness;
      rotation = new Rotation(TIMES, List.of("gambeson.test.svc"), () -> now.plus(skew), random);
    }

    void step() {
      storedBefore.add(stored);
      trustedBefore.add(trusted);
      var seen = late(storedBefore);
      rotation.hold(seen);
      var wanted = rotation.wanted(seen);
      if (!wanted.equals(seen) && seen.equals(stored)) {
        stored = wanted;
        rotation.hold(wanted);
      }
      var published = late(trustedBefore);
      if (!rotation.held().isEmpty() && !rotation.isPublished(published)) {
        trusted = Set.copyOf(rotation.held().certificates());
      }
      rotation.seePublished(published);
      rotation.certificate().ifPresent(leaf -> signers.addAll(leaf.authorities()));
    }

    /** As this replica sees it, which is some steps late. */
    private <T> T late(List<T> history) {
      return history.get(Math.max(0, history.size() - 1 - lateness));
    }

    ServingCertificate certificate() {
      return rotation.certificate().orElseThrow();
    }
  }

  @ParameterizedTest
  @ValueSource(
      longs = {
        1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25,
        26, 27, 28, 29, 30
      })
  void aCertificateInUseIsAlwaysValidAndTrusted(long seed) {
    var random = new Random(seed);
    var replicas =
        new ArrayList<>(List.of(new Replica(random), new Replica(random), new Replica(random)));
    var authorities = new HashSet<X509Certificate>();
    for (int step = 0; step < 900; step++) {
      replicas.forEach(Replica::step);
      if (random.nextInt(200) == 0) {
        replicas.set(random.nextInt(3), new Replica(random));
        replicas.forEach(Replica::step);
      }
      authorities.addAll(trusted);
      if (step > 10) {
        for (var replica : replicas) {
          if (replica.rotation.isTrusted()) {
            var leaf = replica.certificate();
            assertThat(now).as("step %d", step).isBefore(leaf.expiry());
            assertThat(trusted).as("step %d", step).containsAll(leaf.authorities());
          }
        }
      }
      now = now.plus(Duration.ofMinutes(1));
    }
    assertThat(authorities).as("authorities in 15 hours").hasSizeBetween(9, 14);
    assertThat(trusted).as("trusted at a time").hasSizeLessThanOrEqualTo(3);
    assertThat(replicas).allSatisfy(replica -> assertThat(replica.rotation.isTrusted()).isTrue());
  }

  @Test
  void aNewAuthoritySignsOnlyOnceItWasSeenPublishedForTheSettleTime() {
    var replica = new Replica();
    replica.step();
    var first = trusted.iterator().next();
    now = now.plus(Duration.ofMinutes(81));
    replica.step();
    assertThat(trusted).hasSize(2);
    for (int minute = 0; minute < 9; minute++) {
      replica.step();
      assertThat(replica.certificate().authorities()).containsExactly(first);
      now = now.plus(Duration.ofMinutes(1));
    }
    now = now.plus(Duration.ofMinutes(5));
    replica.step();
    assertThat(replica.certificate().authorities()).doesNotContain(first);
    assertThat(trusted).as("the old one is trusted as long as it lives").contains(first);
  }

  @Test
  void damageToWhatIsSharedIsMendedFromWhatIsHeld() {
    var replica = new Replica();
    replica.step();
    var leaf = replica.certificate();

    stored = Authorities.NONE;
    trusted = Set.of();
    for (int i = 0; i < 5; i++) {
      replica.step();
    }

    assertThat(trusted).containsExactlyElementsOf(leaf.authorities());
    assertThat(stored.certificates()).containsExactlyElementsOf(leaf.authorities());
    assertThat(replica.certificate()).isEqualTo(leaf);
  }

  @Test
  void aReplicaThatComesToAnEmptiedSecretDoesNotTakeTheTrustFromTheOthers() {
    var held = new Replica();
    held.step();
    stored = Authorities.NONE;
    var fresh = new Replica();

    for (int i = 0; i < 5; i++) {
      fresh.step();
      held.step();
    }

    assertThat(trusted).containsAll(held.certificate().authorities());
    assertThat(trusted).containsAll(fresh.certificate().authorities());
  }

  @Test
  void aClockThatJumpsBeyondEverythingMakesANewAuthorityAtOnce() {
    var replica = new Replica();
    replica.step();
    now = now.plus(Duration.ofDays(400));

    for (int i = 0; i < 5; i++) {
      replica.step();
    }

    assertThat(now).isBefore(replica.certificate().expiry());
    assertThat(trusted).containsAll(replica.certificate().authorities());
  }

  @Test
  void whatIsStoredReadsBackTheSame() throws TlsException {
    var replica = new Replica();
    replica.step();
    now = now.plus(Duration.ofMinutes(81));
    replica.step();

    var read = Authorities.read(stored.certificatesPem(), stored.keysPem(), () -> now);

    assertThat(read).isEqualTo(stored);
    assertThat(read.keysPem()).isEqualTo(stored.keysPem());
  }
}
