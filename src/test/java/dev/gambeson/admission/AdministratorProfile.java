package dev.gambeson.admission;

/** An entry of {@code profiles} that brings into pods what an administrator writes. */
public final class AdministratorProfile {
  public static final String YAML =
      """
        of-the-administrator:
          extends: strict
          rules:
            PodPresets:
              presets:
                logs:
                  pods: {}
                  env:
                  - {name: LOG_LEVEL, value: info}
                  - {name: NODE, valueFrom: {fieldRef: {fieldPath: spec.nodeName}}}
                  envFrom: [{prefix: LOG_, configMapRef: {name: logging, optional: true}}]
                  volumes:
                  - {name: settings, configMap: {name: logging, optional: true}}
                  - {name: work, emptyDir: {}}
                  volumeMounts:
                  - {name: settings, mountPath: /etc/logging, readOnly: true}
                  - {name: work, mountPath: /work, readOnly: false}
                zone:
                  pods: {matchLabels: {app: web}}
                  volumes: [{name: zone, hostPath: {path: /usr/share/zoneinfo/UTC, type: File}}]
                  volumeMounts: [{name: zone, mountPath: /etc/zone, readOnly: true}]
            Sidecars:
              sidecars:
                filebeat:
                  pods: {}
                  container:
                    image: filebeat:9.2
                    ports: [{containerPort: 5066}]
                    resources: {requests: {cpu: 50m, memory: 64Mi}}
                    securityContext:
                      allowPrivilegeEscalation: false
                      runAsNonRoot: true
                      runAsUser: 1000
                      seccompProfile: {type: RuntimeDefault}
                      capabilities: {drop: [ALL]}
                  sharedFolders: [/var/log/app]
                mesh:
                  pods: {matchLabels: {app.kubernetes.io/name: shop}}
                  position: first
                  container:
                    image: mesh:1.0
                    securityContext:
                      allowPrivilegeEscalation: false
                      runAsNonRoot: true
                      runAsUser: 1000
                      seccompProfile: {type: RuntimeDefault}
                      capabilities: {drop: [ALL]}
                watcher:
                  pods: {matchLabels: {app: web}}
                  type: plain
                  container:
                    image: watcher:1.0
                    securityContext:
                      allowPrivilegeEscalation: false
                      runAsNonRoot: true
                      runAsUser: 1000
                      seccompProfile: {type: RuntimeDefault}
                      capabilities: {drop: [ALL]}
                    volumeMounts: [{name: watcher, mountPath: /data}]
                  volumes: [{name: watcher, emptyDir: {}}]
            PriorityClass:
              classes: [{priorityClassName: system-cluster-critical, pods: {}}]
            NodePlacement:
              placements:
                gpu:
                  pods: {}
                  tolerations: [{key: dedicated, operator: Equal, value: gpu, effect: NoSchedule}]
                  nodeSelector: {pool: gpu}
            Sysctls:
              sets:
                all:
                  pods: {}
                  sysctls:
                  - {name: kernel.sem, value: "250 32000 100 128"}
                  - {name: net.ipv4.tcp_syncookies, value: "1"}
      """;

  private AdministratorProfile() {}
}
