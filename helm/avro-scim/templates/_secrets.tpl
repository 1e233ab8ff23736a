{{- /* Paths below `value` at which a secret is written out, one a line: the config becomes a ConfigMap. `key` names the value. */ -}}
{{- define "avro-scim.writtenSecrets" -}}
{{- $path := .path -}}
{{- $key := .key -}}
{{- if kindIs "map" .value -}}
{{- range $name, $below := .value -}}
{{- /* Elsewhere `key` is none: it is an expression of `events`. */ -}}
{{- $isOfTls := and (hasSuffix ".tls" $path) (eq $name "key") -}}
{{- include "avro-scim.writtenSecrets" (dict "path" (printf "%s.%s" $path $name) "key" ($isOfTls | ternary "privateKey" $name) "value" $below) -}}
{{- end -}}
{{- else if kindIs "slice" .value -}}
{{- range $index, $below := .value -}}
{{- include "avro-scim.writtenSecrets" (dict "path" (printf "%s.%d" $path $index) "key" $key "value" $below) -}}
{{- end -}}
{{- else if kindIs "string" .value -}}
{{- $isSecret := regexMatch "(?i)(password|passphrase|passwd|secret|token|bearer|credential|api[-_]?key|private[-_]?key|signing[-_]?key|hash[-_]?key)$" $key -}}
{{- $isWritten := and $isSecret (not (regexMatch "(^|[^$])[$]\\{(env|file):" .value)) -}}
{{- $plain := regexReplaceAll "[$]\\{[^}]*\\}" .value "" -}}
{{- if or $isWritten (regexMatch "^[a-z]+://[^/@:\\s]*:[^/@\\s]+@" $plain) }}
{{ $path }}
{{- end -}}
{{- end -}}
{{- end -}}
