{{- define "gambeson.name" -}}
{{- default .Chart.Name .Values.nameOverride | trunc 63 | trimSuffix "-" }}
{{- end }}

{{- define "gambeson.fullname" -}}
{{- if .Values.fullnameOverride }}
{{- .Values.fullnameOverride | trunc 63 | trimSuffix "-" }}
{{- else if contains (include "gambeson.name" .) .Release.Name }}
{{- .Release.Name | trunc 63 | trimSuffix "-" }}
{{- else }}
{{- printf "%s-%s" .Release.Name (include "gambeson.name" .) | trunc 63 | trimSuffix "-" }}
{{- end }}
{{- end }}

{{/* The full name with a suffix, within the 63 characters of a DNS label. Arguments: root, suffix. */}}
{{- define "gambeson.suffixed" -}}
{{- $suffix := last . -}}
{{- printf "%s-%s" (include "gambeson.fullname" (first .) | trunc (sub 62 (len $suffix) | int) | trimSuffix "-") $suffix }}
{{- end }}

{{- define "gambeson.selectorLabels" -}}
app.kubernetes.io/name: {{ include "gambeson.name" . }}
app.kubernetes.io/instance: {{ .Release.Name }}
app.kubernetes.io/component: webhook
{{- end }}

{{- define "gambeson.labels" -}}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version | replace "+" "_" | trunc 63 | trimSuffix "-" }}
app.kubernetes.io/name: {{ include "gambeson.name" . }}
app.kubernetes.io/instance: {{ .Release.Name }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
{{- with .Values.commonLabels }}
{{ toYaml . }}
{{- end }}
{{- end }}

{{- define "gambeson.serviceAccountName" -}}
{{- default (include "gambeson.fullname" .) .Values.serviceAccount.name }}
{{- end }}

{{- define "gambeson.image" -}}
{{- if .Values.image.digest -}}
{{ .Values.image.repository }}@{{ .Values.image.digest }}
{{- else -}}
{{ .Values.image.repository }}:{{ .Values.image.tag | default .Chart.AppVersion }}
{{- end -}}
{{- end }}

{{/* Cluster-scoped objects carry the namespace in their name, so that two releases do not meet. */}}
{{- define "gambeson.clusterName" -}}
{{- printf "%s.%s" (include "gambeson.fullname" .) .Release.Namespace }}
{{- end }}

{{/* Webhooks are called in the order of these names: ours sort behind those that add containers. */}}
{{- define "gambeson.webhookConfigurations" -}}
{{- printf "zz-%s" (include "gambeson.clusterName" .) }}
{{- end }}

{{- define "gambeson.dnsName" -}}
{{- printf "%s.%s.svc" (include "gambeson.fullname" .) .Release.Namespace }}
{{- end }}

{{- define "gambeson.tlsSecretName" -}}
{{- if eq .Values.certs.mode "provided" -}}
{{ required "certs.provided.secretName is needed with certs.mode provided" .Values.certs.provided.secretName }}
{{- else -}}
{{ include "gambeson.suffixed" (list . "tls") }}
{{- end -}}
{{- end }}

{{/* The configuration with the time zone of the values in it, also where it says null on the way there. */}}
{{- define "gambeson.configuration" -}}
{{- $configuration := merge (dict "apiVersion" "gambeson.dev/v1alpha1" "kind" "GambesonConfig") (deepCopy .Values.configuration) -}}
{{- $place := $configuration -}}
{{- range list "profiles" "standard" "rules" "Timezone" -}}
{{- $_ := set $place . (get $place . | default dict) -}}
{{- $place = get $place . -}}
{{- end -}}
{{- with get $place "zone" | default .Values.timezone -}}
{{- $_ := set $place "zone" . -}}
{{- end -}}
{{- toYaml $configuration }}
{{- end }}

{{/* The namespaces whose pods never come here. */}}
{{- define "gambeson.excluded" -}}
{{- concat (list .Release.Namespace "kube-system") .Values.webhook.excludedNamespaces | uniq | toJson }}
{{- end }}

{{/* The namespaces that no ordinary entry is for. */}}
{{- define "gambeson.leftOut" -}}
{{- concat (include "gambeson.excluded" . | fromJsonArray) .Values.webhook.infrastructureNamespaces | uniq | toJson }}
{{- end }}

{{/* Not empty where a port is one that only root may listen on, unless its network namespace says otherwise. */}}
{{- define "gambeson.lowPort" -}}
{{- if lt (min .Values.containerPort .Values.managementPort) 1024 }}true{{ end }}
{{- end }}

{{/*
What is new, or changed where rules look. No other update comes: while no replica answers, `Fail` must not keep anyone from taking a finalizer
off a pod. Only the old object tells whether it is being deleted: who creates an object by server-side apply writes its `deletionTimestamp`.
*/}}
{{- define "gambeson.changed" -}}
oldObject == null || has(request.subResource) || !has(oldObject.metadata.deletionTimestamp) && (object.?spec != oldObject.?spec || object.?template != oldObject.?template)
{{- end }}

{{/* A template that a controller copied was judged where its author wrote it. */}}
{{- define "gambeson.uncontrolled" -}}
!object.metadata.?ownerReferences.orValue([]).exists(owner, owner.?controller.orValue(false))
{{- end }}

{{/*
One entry of a webhook configuration. Arguments: root, name, path, failurePolicy, timeoutSeconds, namespaces (expressions), rules, and
conditions (CEL expressions by their names) where not everything that the rules name shall come.
*/}}
{{- define "gambeson.entry" -}}
- name: {{ .name }}.gambeson.dev
  clientConfig:
    service:
      name: {{ include "gambeson.fullname" .root }}
      namespace: {{ .root.Release.Namespace }}
      path: {{ .path }}
      port: {{ .root.Values.service.port }}
    {{- if and (eq .root.Values.certs.mode "provided") .root.Values.certs.provided.caBundle }}
    caBundle: {{ b64enc .root.Values.certs.provided.caBundle }}
    {{- end }}
  namespaceSelector:
    matchExpressions:
    {{- toYaml .namespaces | nindent 4 }}
  rules:
  {{- toYaml .rules | nindent 2 }}
  {{- with .conditions }}
  matchConditions:
  {{- range $name, $expression := . }}
  - name: {{ $name }}
    expression: {{ $expression | quote }}
  {{- end }}
  {{- end }}
  admissionReviewVersions: [v1]
  sideEffects: None
  matchPolicy: Equivalent
  failurePolicy: {{ .failurePolicy }}
  timeoutSeconds: {{ .timeoutSeconds }}
{{- end }}

{{/* Refuses names of profiles that the configuration will not have. */}}
{{- define "gambeson.checkProfiles" -}}
{{- $known := concat (list "observe" "standard" "strict") (keys (.Values.configuration.profiles | default dict)) | uniq | sortAlpha -}}
{{- $asked := dict "configuration.defaultProfile" (include "gambeson.defaultProfile" .) -}}
{{- range $index, $name := .Values.selectableProfiles -}}
{{- $_ := set $asked (printf "selectableProfiles[%d]" $index) $name -}}
{{- end -}}
{{- range $name := keys .Values.webhook.failurePolicy -}}
{{- $_ := set $asked (printf "webhook.failurePolicy.%s" $name) $name -}}
{{- end -}}
{{- range $path, $name := $asked -}}
{{- if not (has $name $known) -}}
{{- fail (printf "%s: there is no profile %q: there are %s; configuration.profiles may define others" $path $name (join ", " $known)) -}}
{{- end -}}
{{- end -}}
{{- end }}

{{/* The profile of namespaces that choose none. */}}
{{- define "gambeson.defaultProfile" -}}
{{- .Values.configuration.defaultProfile | default "standard" }}
{{- end }}

{{/*
Which profiles and Pod Security levels have an entry, and for which namespaces, as JSON. The last is the catch-all: a label that is mistyped
or missing falls to the default profile of the configuration in force, never to none.
*/}}
{{- define "gambeson.scopes" -}}
{{- $label := "gambeson.dev/profile" -}}
{{- $enforced := "pod-security.kubernetes.io/enforce" -}}
{{- $names := include "gambeson.leftOut" . | fromJsonArray -}}
{{- $leftOut := dict "key" "kubernetes.io/metadata.name" "operator" "NotIn" "values" $names -}}
{{- $profiles := list -}}
{{- range .Values.selectableProfiles -}}
{{- $chosen := dict "key" $label "operator" "In" "values" (list .) -}}
{{- $profiles = append $profiles (dict "path" . "profile" . "chosen" $chosen) -}}
{{- end -}}
{{- $others := dict "key" $label "operator" "NotIn" "values" .Values.selectableProfiles -}}
{{- $profiles = append $profiles (dict "path" "default" "profile" (include "gambeson.defaultProfile" .) "chosen" $others) -}}
{{- $levels := list
      (dict "name" "privileged" "here" (dict "key" $enforced "operator" "NotIn" "values" (list "baseline" "restricted")))
      (dict "name" "baseline" "here" (dict "key" $enforced "operator" "In" "values" (list "baseline")))
      (dict "name" "restricted" "here" (dict "key" $enforced "operator" "In" "values" (list "restricted"))) -}}
{{- $scopes := list -}}
{{- range $profile := $profiles -}}
{{- range $level := $levels -}}
{{- $scopes = append $scopes (dict
      "name" (printf "%s.%s" $level.name $profile.path)
      "profile" $profile.profile
      "path" (printf "%s/%s" $profile.path $level.name)
      "namespaces" (list $leftOut $profile.chosen $level.here)) -}}
{{- end -}}
{{- end -}}
{{- toJson $scopes }}
{{- end }}

{{- define "gambeson.webhookAnnotations" -}}
{{- $injected := ternary (dict "cert-manager.io/inject-ca-from" (printf "%s/%s" .Release.Namespace (include "gambeson.fullname" .))) (dict) (eq .Values.certs.mode "certManager") -}}
{{- with merge $injected .Values.webhook.annotations -}}
annotations:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- end }}
