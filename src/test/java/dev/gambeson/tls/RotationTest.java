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
import java.util.stream.Stream;
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

  /** How often what is stored or trusted was written. */
  private int writes;

  /** One replica, which sees what is stored and trusted some steps late. */
  private final class Replica {
    private final Rotation rotation;
    private final int lateness;
    private final List<Authorities> storedBefore = new ArrayList<>();
    private final List<Set<X509Certificate>> trustedBefore = new ArrayList<>();
    private final Set<X509Certificate> signers = new HashSet<>();

    /** By how much its clock is ahead. */
    private Duration skew;

    private Replica() {
      this(TIMES);
    }

    private Replica(Rotation.Times times) {
      this(times, Duration.ZERO, 0, new Random(1));
    }

    private Replica(Random random) {
      this(TIMES, Duration.ofSeconds(random.nextInt(121) - 60), random.nextInt(3), random);
    }

    private Replica(Rotation.Times times, Duration skew, int lateness, Random random) {
      this.skew = skew;
      this.lateness = lateness;
      rotation =
          new Rotation(times, List.of("gambeson.test.svc"), () -> now.plus(this.skew), random);
    }

    void step() {
      storedBefore.add(stored);
      trustedBefore.add(trusted);
      var seen = late(storedBefore);
      rotation.adopt(seen);
      var wanted = rotation.desired(seen);
      if (!wanted.equals(seen) && seen.equals(stored)) {
        stored = wanted;
        writes++;
        rotation.adopt(wanted);
      }
      var published = late(trustedBefore);
      if (!rotation.held().isEmpty() && !rotation.isPublished(published)) {
        trusted = Set.copyOf(rotation.held().certificates());
        writes++;
      }
      rotation.recordPublished(published);
      rotation.certificate().ifPresent(leaf -> signers.addAll(leaf.authorities()));
    }

    /** As this replica sees it, which is some steps late. */
    private <T> T late(List<T> history) {
      return history.get(Math.max(0, history.size() - 1 - lateness));
    }

    ServingCertificate certificate() {
      return rotation.certificate().orElseThrow();
    }

    /** Whether an API server whose clock is right accepts the certificate. */
    boolean isAccepted() {
      var leaf = certificate();
      return trusted.containsAll(leaf.authorities())
          && Stream.concat(leaf.chain().stream(), leaf.authorities().stream())
              .allMatch(certificate ->
                  certificate.getNotBefore().toInstant().isBefore(now)
                      && certificate.getNotAfter().toInstant().isAfter(now));
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
    assertThat(trusted).as("trusted at a time").hasSizeLessThanOrEqualTo(4);
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

  /** By less than a year: longer than it takes to notice. */
  @ParameterizedTest
  @ValueSource(ints = {5, 8, 200, 260, 300, 360, -5, -30, -200, -360})
  void aReplicaWhoseClockJumpsStaysAcceptedAndSoDoTheOthers(int days) {
    var replicas = replicasInProduction();
    var jumped = replicas.get(1);

    jumped.skew = Duration.ofDays(days);
    writes = 0;
    for (int i = 0; i < 60; i++) {
      stepAndExpectAccepted(replicas);
    }
    assertThat(writes).as("writes: a new CA and its publication, at most").isLessThanOrEqualTo(4);

    jumped.skew = Duration.ZERO;
    for (int i = 0; i < 60; i++) {
      stepAndExpectAccepted(replicas);
    }
    assertThat(jumped.rotation.problems()).isEmpty();
  }

  /** It is not accepted itself, but the others are, and it is again once its clock is right. */
  @ParameterizedTest
  @ValueSource(ints = {400, 600, -500, -20_000})
  void aReplicaWhoseClockIsYearsWrongTakesNothingFromTheOthers(int days) {
    var replicas = replicasInProduction();
    var jumped = replicas.get(1);
    var others = List.of(replicas.getFirst(), replicas.getLast());

    jumped.skew = Duration.ofDays(days);
    writes = 0;
    for (int i = 0; i < 60; i++) {
      jumped.step();
      expectAccepted(others);
      stepAndExpectAccepted(others);
    }
    assertThat(writes).as("writes: no war").isLessThanOrEqualTo(4);
    assertThat(replicas)
        .as("somebody sees an authority of another time")
        .anySatisfy(replica -> assertThat(replica.rotation.problems()).isNotEmpty());

    jumped.skew = Duration.ZERO;
    jumped.step();
    for (int i = 0; i < 60; i++) {
      stepAndExpectAccepted(replicas);
    }
    assertThat(writes).as("writes: no war").isLessThanOrEqualTo(6);
  }

  /** As in a cluster of one node, or where all nodes ask one wrong clock. */
  @ParameterizedTest
  @ValueSource(ints = {5, 200, 300, 400, 3000, -5, -200, -400, -3000})
  void clocksThatAllJumpHealAtOnceThereAndBack(int days) {
    var replicas = replicasInProduction();

    for (var jump : List.of(Duration.ofDays(days), Duration.ofDays(-days))) {
      now = now.plus(jump);
      replicas.forEach(Replica::step);
      replicas.forEach(Replica::step);
      for (int i = 0; i < 60; i++) {
        stepAndExpectAccepted(replicas);
      }
    }
    assertThat(writes).as("writes").isLessThanOrEqualTo(8);
  }

  /** A CA of 100 days. */
  private List<Replica> replicasInProduction() {
    var replicas = Stream.generate(() -> new Replica(Rotation.Times.DEFAULTS)).limit(3).toList();
    replicas.getFirst().step();
    for (int day = 0; day < 100; day++) {
      replicas.forEach(Replica::step);
      now = now.plus(Duration.ofDays(1));
    }
    replicas.forEach(Replica::step);
    return replicas;
  }

  private void stepAndExpectAccepted(List<Replica> replicas) {
    replicas.forEach(Replica::step);
    expectAccepted(replicas);
    now = now.plus(Duration.ofMinutes(1));
  }

  private void expectAccepted(List<Replica> replicas) {
    for (int i = 0; i < replicas.size(); i++) {
      assertThat(replicas.get(i).isAccepted()).as("replica %d at %s", i, now).isTrue();
    }
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
