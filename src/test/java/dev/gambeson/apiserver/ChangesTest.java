package dev.gambeson.apiserver;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gambeson.Command;
import dev.gambeson.apiserver.Cluster.Registered;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A pod from the time before its namespace was strict, and what may still be changed of it. */
@ExtendWith(ClusterExtension.class)
class ChangesTest {
  private static final String PRIVILEGED = "securityContext.privileged: found true";

  private final Cluster cluster;
  private final String namespace;

  ChangesTest(Cluster cluster) {
    this.cluster = cluster;
    this.namespace = cluster.namespace(TestProfiles.BOUNDED, Registered.NOT);
  }

  @BeforeEach
  void createPod() throws IOException, InterruptedException {
    cluster
        .kubectl()
        .succeed(
            """
            apiVersion: v1
            kind: Pod
            metadata: {name: web, finalizers: [a.example/b]}
            spec:
              containers:
              - name: web
                image: nginx
                securityContext: {privileged: true}
                resources: {requests: {cpu: 100m, memory: 64Mi}, limits: {memory: 2Gi}}
              - name: other
                image: nginx
                resources: {requests: {cpu: 100m, memory: 64Mi}, limits: {memory: 128Mi}}
            """,
            "create",
            "--filename=-",
            "--namespace=" + namespace);
    cluster.register(namespace, Registered.BY_URL);
  }

  @Test
  void aFinalizerIsRemoved() throws IOException, InterruptedException {
    var removed = kubectl("patch", "pod/web", "--patch={\"metadata\":{\"finalizers\":null}}");

    assertThat(removed.exitCode()).as(removed.errors()).isZero();
  }

  @Test
  void aFinalizerIsRemovedWhileThePodIsBeingDeleted() throws IOException, InterruptedException {
    kubectl("delete", "pod/web", "--wait=false");
    var removed = kubectl("patch", "pod/web", "--patch={\"metadata\":{\"finalizers\":null}}");

    assertThat(removed.exitCode()).as(removed.errors()).isZero();
  }

  @Test
  void aNewImageIsJudgedWithTheWholePod() throws IOException, InterruptedException {
    var changed = kubectl("set", "image", "pod/web", "other=nginx:2");

    assertThat(changed.exitCode()).isNotZero();
    assertThat(changed.errors()).contains("container \"web\"", PRIVILEGED);
  }

  @Test
  void aDebugContainerIsJudgedAlone() throws IOException, InterruptedException {
    var restricted = kubectl("debug", "web", "--image=busybox", "--profile=restricted", "-c=good");
    var privileged = kubectl("debug", "web", "--image=busybox", "--profile=sysadmin", "-c=bad");

    assertThat(restricted.exitCode()).as(restricted.errors()).isZero();
    assertThat(restricted.errors()).doesNotContain("container \"web\"");
    assertThat(privileged.exitCode()).isNotZero();
    assertThat(privileged.errors())
        .contains("container \"bad\": spec.ephemeralContainers[1]." + PRIVILEGED)
        .doesNotContain("container \"web\"");
  }

  @Test
  void aResizeIsJudgedForTheResourcesThatItChanges() throws IOException, InterruptedException {
    var withinTheBound = resize("other", "512Mi");
    var beyondIt = resize("other", "3Gi");

    assertThat(withinTheBound.exitCode()).as(withinTheBound.errors()).isZero();
    assertThat(beyondIt.exitCode()).isNotZero();
    assertThat(beyondIt.errors())
        .contains(
            "[Resources] container \"other\": spec.containers[1].resources.limits.memory: found 3Gi,"
                + " wanted at most 1Gi")
        .doesNotContain("container \"web\"", "Privileged");
  }

  private Command.Result resize(String container, String memory)
      throws IOException, InterruptedException {
    return kubectl(
        "patch",
        "pod/web",
        "--subresource=resize",
        "--patch={\"spec\":{\"containers\":[{\"name\":\"%s\",\"resources\":{\"limits\":{\"memory\":\"%s\"}}}]}}"
            .formatted(container, memory));
  }

  private Command.Result kubectl(String verb, String... arguments)
      throws IOException, InterruptedException {
    var all = new ArrayList<String>();
    all.add(verb);
    all.add("--namespace=" + namespace);
    all.addAll(List.of(arguments));
    return cluster.kubectl().run("", all.toArray(String[]::new));
  }
}
