{{- /* What selects the pods that serve: those of the Deployment, or those that the sidecar was added to. */ -}}
{{- define "avro-scim.serving" -}}
{{- if eq .Values.mode "deployment" -}}
{{ include "avro-scim.selector" . }}
app.kubernetes.io/component: service
{{- else -}}
{{- toYaml .Values.sidecar.podLabels -}}
{{- end -}}
{{- end -}}

{{- /* Not empty when it is known which pods serve. */ -}}
{{- define "avro-scim.isServingKnown" -}}
{{- if or (eq .Values.mode "deployment") .Values.sidecar.podLabels }}yes{{ end -}}
{{- end -}}
