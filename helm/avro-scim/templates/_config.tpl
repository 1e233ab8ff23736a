{{- /* The config as the program reads it: the values', an address that the pod is reached by, and the bundled Redis. */ -}}
{{- define "avro-scim.config" -}}
{{- $config := deepCopy .Values.config -}}
{{- $admin := default dict $config.admin -}}
{{- if not $admin.host }}{{ $_ := set $config "admin" (merge (dict "host" "0.0.0.0") $admin) }}{{ end -}}
{{- if .Values.bundledRedis.enabled -}}
{{- $url := printf "redis://%s-redis:6379/0" (include "avro-scim.fullname" .) -}}
{{- $_ := set $config "redis" (merge (dict "url" $url) (default dict $config.redis)) -}}
{{- end -}}
{{- toYaml $config -}}
{{- end -}}

{{- define "avro-scim.configData" -}}
avro-scim.yaml: |
  {{- include "avro-scim.config" . | nindent 2 }}
{{- range $name, $text := .Values.files }}
{{ $name }}: {{ $text | toJson }}
{{- end }}
{{- end -}}

{{- /* Not empty when a service is at the pod itself: a pod of its own, for a check, does not reach it there. */ -}}
{{- define "avro-scim.isServiceInPod" -}}
{{- $config := include "avro-scim.config" . | fromYaml -}}
{{- $redis := default dict $config.redis -}}
{{- $nodes := concat (dig "sentinel" "nodes" list $redis) (dig "cluster" "nodes" list $redis) -}}
{{- $atRedis := $nodes | empty | ternary (list (default "127.0.0.1" $redis.url)) $nodes -}}
{{- $brokers := dig "kafka" "brokers" (list "127.0.0.1") $config -}}
{{- range concat $brokers $atRedis (list (dig "registry" "url" "127.0.0.1" $config)) -}}
{{- if regexMatch "^(\\w+://)?([^/@]*@)?(127\\.|localhost\\b|\\[::1\\])" . }}yes{{ end -}}
{{- end -}}
{{- end -}}

{{- define "avro-scim.port" -}}
{{- dig "admin" "port" 9464 .Values.config | int -}}
{{- end -}}

{{- /* Whole seconds above shutdown.graceMs: what is in flight is then finished or parked before Kubernetes kills. */ -}}
{{- define "avro-scim.terminationGraceSeconds" -}}
{{- $graceMs := dig "shutdown" "graceMs" 25000 .Values.config | int -}}
{{- add (div (add $graceMs 999) 1000) .Values.terminationMarginSeconds -}}
{{- end -}}

{{- /* The targets that are served, one a line. */ -}}
{{- define "avro-scim.targets" -}}
{{- join "\n" (default (keys .Values.config.targets | sortAlpha) .Values.targets) -}}
{{- end -}}

{{- /* TCP ports that the config says requests go to, one a line; 443 always. */ -}}
{{- define "avro-scim.egressPorts" -}}
{{- $config := include "avro-scim.config" . | fromYaml -}}
{{- /* A template has colons and slashes of its own; what it stands for, a password or a host, has no port. */ -}}
{{- $text := regexReplaceAll "[$]\\{[^}]*\\}" (toYaml $config) "x" -}}
{{- $ports := list 443 -}}
{{- $usual := dict "http" 80 "https" 443 "redis" 6379 "rediss" 6379 -}}
{{- range regexFindAll "\\b(https?|rediss?)://[^/\\s\"'?]+" $text -1 -}}
{{- $port := regexFind ":[0-9]+$" . -}}
{{- $ports = append $ports (ternary (trimPrefix ":" $port | int) (get $usual (splitList ":" . | first)) (ne $port "")) -}}
{{- end -}}
{{- $nodes := concat (dig "kafka" "brokers" list $config) (dig "redis" "sentinel" "nodes" list $config) (dig "redis" "cluster" "nodes" list $config) -}}
{{- range $nodes }}{{ with regexFind ":[0-9]+$" . }}{{ $ports = append $ports (trimPrefix ":" . | int) }}{{ end }}{{ end -}}
{{- if hasKey (default dict $config.redis) "sentinel" }}{{ $ports = append $ports 6379 }}{{ end -}}
{{- range .Values.networkPolicy.ports }}{{ $ports = append $ports (int .) }}{{ end -}}
{{- range $ports | uniq }}
{{ . }}
{{- end -}}
{{- end -}}

{{- /* Addresses of services whose port no value says, one a line. */ -}}
{{- define "avro-scim.unknownPorts" -}}
{{- $config := include "avro-scim.config" . | fromYaml -}}
{{- $redis := default dict $config.redis -}}
{{- $asked := dict "config.kafka.brokers" (dig "kafka" "brokers" list $config) "config.redis.sentinel.nodes" (dig "sentinel" "nodes" list $redis) "config.redis.cluster.nodes" (dig "cluster" "nodes" list $redis) "config.redis.url" (list (default "" $redis.url)) "config.registry.url" (list (dig "registry" "url" "" $config)) -}}
{{- range $path, $addresses := $asked -}}
{{- range $addresses -}}
{{- $isTemplate := regexMatch "(^|[^$])[$]\\{(env|file):" . -}}
{{- $plain := regexReplaceAll "[$]\\{[^}]*\\}" . "" -}}
{{- if and $isTemplate (not (regexMatch "^(https?|rediss?)://.|.:[0-9]+$" $plain)) }}
{{ $path }}
{{- end -}}
{{- end -}}
{{- end -}}
{{- end -}}
