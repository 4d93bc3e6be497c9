{{/* Names, labels and the pod that all roles share. */}}

{{- define "twolane.name" -}}
{{- if contains .Chart.Name .Release.Name }}{{ .Release.Name | trunc 40 | trimSuffix "-" }}{{ else }}{{ printf "%s-%s" .Release.Name .Chart.Name | trunc 40 | trimSuffix "-" }}{{ end }}
{{- end }}

{{- define "twolane.labels" -}}
app.kubernetes.io/name: {{ .Chart.Name }}
app.kubernetes.io/instance: {{ .Release.Name }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version }}
{{- end }}

{{/* What a deployment selects its pods by. Call with (dict "root" $ "role" "api"). */}}
{{- define "twolane.selector" -}}
app.kubernetes.io/name: {{ .root.Chart.Name }}
app.kubernetes.io/instance: {{ .root.Release.Name }}
app.kubernetes.io/component: {{ .role }}
{{- end }}

{{- define "twolane.image" -}}
{{ .Values.image.repository }}:{{ .Values.image.tag | default .Chart.AppVersion }}
{{- end }}

{{- define "twolane.secretName" -}}
{{ .Values.secret.existing | default (printf "%s-secret" (include "twolane.name" .)) }}
{{- end }}

{{- define "twolane.claimName" -}}
{{ .Values.files.existingClaim | default (printf "%s-files" (include "twolane.name" .)) }}
{{- end }}

{{- define "twolane.serviceAccountName" -}}
{{- if .Values.serviceAccount.create }}{{ .Values.serviceAccount.name | default (include "twolane.name" .) }}{{ else }}{{ .Values.serviceAccount.name | default "default" }}{{ end }}
{{- end }}

{{/* The settings of a container: the chart's, then the role's, the latter win. Call with (dict "root" $ "config" map). */}}
{{- define "twolane.environment" -}}
envFrom:
  - configMapRef: { name: {{ include "twolane.name" .root }}-config }
  - secretRef: { name: {{ include "twolane.secretName" .root }} }
env:
{{- range $name, $value := .config }}
  - name: {{ $name }}
    value: {{ $value | toString | quote }}
{{- end }}
{{- end }}

{{/*
The pod of a role. Call with (dict "root" $ "role" name "args" list "config" map "port" number "resources" map
"drain" seconds). Liveness asks whether the process answers; readiness whether it does its work.
*/}}
{{- define "twolane.pod" -}}
metadata:
  labels:
    {{- include "twolane.selector" (dict "root" .root "role" .role) | nindent 4 }}
  annotations:
    # A changed setting starts new pods.
    checksum/config: {{ toJson .root.Values.config | sha256sum }}
    {{- with .root.Values.podAnnotations }}
    {{- toYaml . | nindent 4 }}
    {{- end }}
spec:
  serviceAccountName: {{ include "twolane.serviceAccountName" .root }}
  automountServiceAccountToken: false
  terminationGracePeriodSeconds: {{ add .drain 15 }}
  securityContext: { runAsNonRoot: true, runAsUser: 1000, runAsGroup: 1000, fsGroup: 1000, fsGroupChangePolicy: OnRootMismatch, seccompProfile: { type: RuntimeDefault } }
  {{- with .root.Values.imagePullSecrets }}
  imagePullSecrets: {{ toJson . }}
  {{- end }}
  {{- with .root.Values.priorityClassName }}
  priorityClassName: {{ . }}
  {{- end }}
  {{- with .root.Values.nodeSelector }}
  nodeSelector: {{ toJson . }}
  {{- end }}
  {{- with .root.Values.tolerations }}
  tolerations: {{ toJson . }}
  {{- end }}
  {{- with .root.Values.affinity }}
  affinity: {{ toJson . }}
  {{- end }}
  topologySpreadConstraints:
    - maxSkew: 1
      topologyKey: kubernetes.io/hostname
      whenUnsatisfiable: ScheduleAnyway
      labelSelector:
        matchLabels:
          {{- include "twolane.selector" (dict "root" .root "role" .role) | nindent 10 }}
  containers:
    - name: {{ .role }}
      image: {{ include "twolane.image" .root }}
      imagePullPolicy: {{ .root.Values.image.pullPolicy }}
      args: {{ toJson .args }}
      {{- include "twolane.environment" (dict "root" .root "config" (mergeOverwrite (dict "TWOLANE_DRAIN_MS" (mul .drain 1000)) .config)) | nindent 6 }}
      ports:
        - { name: http, containerPort: {{ .port }} }
      startupProbe: { httpGet: { path: /healthz, port: http }, periodSeconds: 2, failureThreshold: 60 }
      livenessProbe: { httpGet: { path: /healthz, port: http }, periodSeconds: 10, timeoutSeconds: 5, failureThreshold: 6 }
      readinessProbe: { httpGet: { path: /readyz, port: http }, periodSeconds: 5, timeoutSeconds: 5 }
      securityContext: { allowPrivilegeEscalation: false, readOnlyRootFilesystem: true, capabilities: { drop: [ALL] } }
      resources: {{ toJson .resources }}
      volumeMounts:
        - { name: files, mountPath: /data/files }
        - { name: tmp, mountPath: /tmp }
  volumes:
    - { name: files, persistentVolumeClaim: { claimName: {{ include "twolane.claimName" .root }} } }
    - { name: tmp, emptyDir: {} }
{{- end }}

{{/* Keeps one pod of a role while nodes are drained. Call with (dict "root" $ "role" name "replicas" number). */}}
{{- define "twolane.disruptionBudget" -}}
{{- if gt (int .replicas) 1 }}
---
apiVersion: policy/v1
kind: PodDisruptionBudget
metadata:
  name: {{ include "twolane.name" .root }}-{{ .role }}
  labels: {{ include "twolane.labels" .root | nindent 4 }}
spec:
  maxUnavailable: 1
  selector:
    matchLabels: {{ include "twolane.selector" (dict "root" .root "role" .role) | nindent 6 }}
{{- end }}
{{- end }}

{{/* A service in front of a role's port. Call with (dict "root" $ "role" name "service" map). */}}
{{- define "twolane.service" -}}
---
apiVersion: v1
kind: Service
metadata:
  name: {{ include "twolane.name" .root }}-{{ .role }}
  labels:
    {{- include "twolane.labels" .root | nindent 4 }}
    app.kubernetes.io/component: {{ .role }}
spec:
  type: {{ .service.type }}
  ports:
    - { name: http, port: {{ .service.port }}, targetPort: http }
  selector: {{ include "twolane.selector" (dict "root" .root "role" .role) | nindent 4 }}
{{- end }}

{{/* A deployment of a role. Call with the pod's arguments and "replicas" (absent: an autoscaler decides). */}}
{{- define "twolane.deployment" -}}
---
apiVersion: apps/v1
kind: Deployment
metadata:
  name: {{ include "twolane.name" .root }}-{{ .role }}
  labels:
    {{- include "twolane.labels" .root | nindent 4 }}
    app.kubernetes.io/component: {{ .role }}
spec:
  {{- if hasKey . "replicas" }}
  replicas: {{ .replicas }}
  {{- end }}
  revisionHistoryLimit: 3
  strategy: { rollingUpdate: { maxSurge: 1, maxUnavailable: 0 } }
  selector:
    matchLabels: {{ include "twolane.selector" (dict "root" .root "role" .role) | nindent 6 }}
  template: {{ include "twolane.pod" . | nindent 4 }}
{{- end }}
