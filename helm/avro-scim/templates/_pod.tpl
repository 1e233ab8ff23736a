{{- /* Where everything is mounted: config, Secrets, a place to write, what else is asked for. */ -}}
{{- define "avro-scim.volumeMounts" -}}
- name: avro-scim-config
  mountPath: /etc/avro-scim
  readOnly: true
- name: avro-scim-tmp
  mountPath: /tmp
{{- range .Values.secrets }}
- name: avro-scim-{{ include "avro-scim.secretVolume" . }}
  mountPath: /run/secrets/{{ default .name .path }}
  readOnly: true
{{- end }}
{{- with .Values.extraVolumeMounts }}
{{ toYaml . }}
{{- end }}
{{- end -}}

{{- /* The name of a volume is a label, and a Secret's may have dots. */ -}}
{{- define "avro-scim.secretVolume" -}}
{{- $name := default .name .path -}}
{{- printf "%s-%s" ($name | replace "." "-" | replace "_" "-" | lower | trunc 40 | trimSuffix "-") (sha256sum $name | trunc 6) -}}
{{- end -}}

{{- /* `configMap` names the one with the config; `secretMode` may let the group alone read, where the pod has an fsGroup. */ -}}
{{- define "avro-scim.volumes" -}}
- name: avro-scim-config
  configMap:
    name: {{ .configMap }}
- name: avro-scim-tmp
  emptyDir:
    sizeLimit: 64Mi
{{- range .root.Values.secrets }}
- name: avro-scim-{{ include "avro-scim.secretVolume" . }}
  secret:
    secretName: {{ .name }}
    defaultMode: {{ $.secretMode }}
    {{- with .keys }}
    items:
      {{- range . }}
      - key: {{ . | quote }}
        path: {{ . | quote }}
      {{- end }}
    {{- end }}
{{- end }}
{{- with .root.Values.extraVolumes }}
{{ toYaml . }}
{{- end }}
{{- end -}}

{{- define "avro-scim.environment" -}}
env:
  - name: AVRO_SCIM_CONFIG
    value: /etc/avro-scim/avro-scim.yaml
  {{- with .Values.env }}
  {{- toYaml . | nindent 2 }}
  {{- end }}
{{- with .Values.envFrom }}
envFrom:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- end -}}

{{- define "avro-scim.probe" -}}
httpGet:
  path: {{ .path }}
  port: avro-scim
{{ toYaml .times }}
{{- end -}}

{{- /* The container of the service; `securityContext` is its own, `isGuest` that the pod is another's. */ -}}
{{- define "avro-scim.container" -}}
name: avro-scim
image: {{ include "avro-scim.image" .root }}
imagePullPolicy: {{ .root.Values.image.pullPolicy }}
args:
  - run
  {{- range .root.Values.targets }}
  - --target
  - {{ . | quote }}
  {{- end }}
{{ include "avro-scim.environment" .root }}
ports:
  - name: avro-scim
    containerPort: {{ include "avro-scim.port" .root }}
    protocol: TCP
{{- with .root.Values.probes }}
startupProbe:
  {{- include "avro-scim.probe" (dict "path" "/livez" "times" .startup) | nindent 2 }}
livenessProbe:
  {{- include "avro-scim.probe" (dict "path" "/livez" "times" .liveness) | nindent 2 }}
{{- /* A guest that waits for Redis must not take its host, a broker, out of the brokers' addresses. */}}
{{- if not $.isGuest }}
readinessProbe:
  {{- include "avro-scim.probe" (dict "path" "/readyz" "times" .readiness) | nindent 2 }}
{{- end }}
{{- end }}
{{- with .root.Values.resources }}
resources:
  {{- toYaml . | nindent 2 }}
{{- end }}
securityContext:
  {{- toYaml .securityContext | nindent 2 }}
volumeMounts:
  {{- include "avro-scim.volumeMounts" .root | nindent 2 }}
{{- end -}}

{{- /* What a pod of the chart has beside its containers and volumes. */ -}}
{{- define "avro-scim.podSettings" -}}
automountServiceAccountToken: false
enableServiceLinks: false
{{- with .Values.imagePullSecrets }}
imagePullSecrets:
  {{- toYaml . | nindent 2 }}
{{- end }}
securityContext:
  {{- toYaml .Values.podSecurityContext | nindent 2 }}
{{- with .Values.priorityClassName }}
priorityClassName: {{ . }}
{{- end }}
{{- with .Values.nodeSelector }}
nodeSelector:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .Values.tolerations }}
tolerations:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .Values.affinity }}
affinity:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- end -}}

{{- /* A pod that runs one command of the program and ends: `args`, `component`, `configMap`, `serviceAccount`. */ -}}
{{- define "avro-scim.commandPod" -}}
{{ include "avro-scim.podSettings" .root }}
serviceAccountName: {{ .serviceAccount }}
restartPolicy: Never
{{- with .root.Values.initContainers }}
initContainers:
  {{- toYaml . | nindent 2 }}
{{- end }}
containers:
  - name: {{ .component }}
    image: {{ include "avro-scim.image" .root }}
    imagePullPolicy: {{ .root.Values.image.pullPolicy }}
    args:
      {{- toYaml .args | nindent 6 }}
    {{- include "avro-scim.environment" .root | nindent 4 }}
    {{- with .root.Values.resources }}
    resources:
      {{- toYaml . | nindent 6 }}
    {{- end }}
    securityContext:
      {{- toYaml .root.Values.securityContext | nindent 6 }}
    volumeMounts:
      {{- include "avro-scim.volumeMounts" .root | nindent 6 }}
volumes:
  {{- include "avro-scim.volumes" (dict "root" .root "configMap" .configMap "secretMode" 288) | nindent 2 }}
{{- end -}}
