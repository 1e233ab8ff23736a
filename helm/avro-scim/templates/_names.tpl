{{- define "avro-scim.name" -}}
{{- default .Chart.Name .Values.nameOverride | trunc 63 | trimSuffix "-" -}}
{{- end -}}

{{- define "avro-scim.fullname" -}}
{{- if .Values.fullnameOverride -}}
{{- .Values.fullnameOverride | trunc 53 | trimSuffix "-" -}}
{{- else if contains (include "avro-scim.name" .) .Release.Name -}}
{{- .Release.Name | trunc 53 | trimSuffix "-" -}}
{{- else -}}
{{- printf "%s-%s" .Release.Name (include "avro-scim.name" .) | trunc 53 | trimSuffix "-" -}}
{{- end -}}
{{- end -}}

{{- /* What selects all pods of this release. */ -}}
{{- define "avro-scim.selector" -}}
app.kubernetes.io/name: {{ include "avro-scim.name" . | quote }}
app.kubernetes.io/instance: {{ .Release.Name | quote }}
{{- end -}}

{{- define "avro-scim.ownLabels" -}}
{{ include "avro-scim.selector" . }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version | replace "+" "_" }}
{{- end -}}

{{- /* The chart's stand over what is asked for: pods are found by them. */ -}}
{{- define "avro-scim.labels" -}}
{{- $common := omit (default dict .Values.commonLabels) "app.kubernetes.io/component" -}}
{{- merge (include "avro-scim.ownLabels" . | fromYaml) $common | toYaml -}}
{{- end -}}

{{- define "avro-scim.serviceAccount" -}}
{{- if .Values.serviceAccount.create -}}
{{- default (include "avro-scim.fullname" .) .Values.serviceAccount.name -}}
{{- else -}}
{{- default "default" .Values.serviceAccount.name -}}
{{- end -}}
{{- end -}}

{{- /* IRSA on EKS, workload identity on AKS and GKE, and what else is asked for. */ -}}
{{- define "avro-scim.serviceAccountAnnotations" -}}
{{- with .Values.serviceAccount -}}
{{- $all := deepCopy (default dict .annotations) -}}
{{- if .aws.roleArn }}{{ $_ := set $all "eks.amazonaws.com/role-arn" .aws.roleArn }}{{ end -}}
{{- if .azure.clientId }}{{ $_ := set $all "azure.workload.identity/client-id" .azure.clientId }}{{ end -}}
{{- if .gcp.serviceAccount }}{{ $_ := set $all "iam.gke.io/gcp-service-account" .gcp.serviceAccount }}{{ end -}}
{{- if $all }}{{ toYaml $all }}{{ end -}}
{{- end -}}
{{- end -}}

{{- define "avro-scim.podLabels" -}}
{{- $asked := merge (omit (default dict .Values.podLabels) "app.kubernetes.io/component") (default dict .Values.commonLabels) -}}
{{- $labels := merge (include "avro-scim.ownLabels" . | fromYaml) (omit $asked "app.kubernetes.io/component") -}}
{{- if .Values.serviceAccount.azure.clientId }}{{ $_ := set $labels "azure.workload.identity/use" "true" }}{{ end -}}
{{- toYaml $labels -}}
{{- end -}}

{{- define "avro-scim.image" -}}
{{- with .Values.image -}}
{{- if .digest -}}
{{ .repository }}@{{ .digest }}
{{- else -}}
{{ .repository }}:{{ default $.Chart.AppVersion .tag }}
{{- end -}}
{{- end -}}
{{- end -}}
