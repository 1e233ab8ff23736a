{{- /* Where to pods of the chart may go: names are looked up anywhere. */ -}}
{{- define "avro-scim.egress" -}}
- ports:
    - {port: 53, protocol: UDP}
    - {port: 53, protocol: TCP}
- ports:
    {{- range include "avro-scim.egressPorts" . | trim | splitList "\n" }}
    - {port: {{ . }}, protocol: TCP}
    {{- end }}
  {{- with .Values.networkPolicy.to }}
  to:
    {{- toYaml . | nindent 4 }}
  {{- end }}
{{- end -}}
