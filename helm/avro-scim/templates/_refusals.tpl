{{- /* What no schema can say of the values, each with its path. Fails with all of it. */ -}}
{{- define "avro-scim.refusals" -}}
{{- $problems := list -}}
{{- $config := .Values.config -}}
{{- $redis := default dict $config.redis -}}
{{- if not $config.targets -}}
{{- $problems = append $problems "config.targets: expected at least one target" -}}
{{- end -}}
{{- if eq .Values.mode "deployment" -}}
{{- $own := "the program's default, 127.0.0.1, is the pod itself" -}}
{{- if not (dig "kafka" "brokers" list $config) -}}
{{- $problems = append $problems (printf "config.kafka.brokers: expected the brokers' addresses: %s" $own) -}}
{{- end -}}
{{- if not (dig "registry" "url" "" $config) -}}
{{- $problems = append $problems (printf "config.registry.url: expected the registry's address: %s" $own) -}}
{{- end -}}
{{- if not (or .Values.bundledRedis.enabled $redis.url $redis.sentinel $redis.cluster) -}}
{{- $problems = append $problems (printf "config.redis.url: expected the address of Redis, or sentinel or cluster beside it, or for a trial bundledRedis.enabled: %s" $own) -}}
{{- end -}}
{{- end -}}
{{- if and .Values.bundledRedis.enabled (or $redis.url $redis.sentinel $redis.cluster) -}}
{{- $problems = append $problems "config.redis: expected no address, since bundledRedis.enabled is true" -}}
{{- end -}}
{{- $name := include "avro-scim.fullname" . -}}
{{- if and (or .Values.bundledRedis.enabled (and .Values.service.enabled (eq .Values.mode "deployment"))) (not (regexMatch "^[a-z][a-z0-9-]*$" $name)) -}}
{{- $problems = append $problems (printf "fullnameOverride: expected a name that begins with a letter and has no dots, found %s: a Service is called by it" $name) -}}
{{- end -}}
{{- $host := dig "admin" "host" "" $config -}}
{{- if has $host (list "127.0.0.1" "localhost" "::1") -}}
{{- $problems = append $problems (printf "config.admin.host: expected none, or an address that the kubelet reaches, found %s: the probes would never succeed" $host) -}}
{{- end -}}
{{- $port := dig "admin" "port" 9464 $config -}}
{{- if or (kindIs "string" $port) (eq (int $port) 0) -}}
{{- $problems = append $problems (printf "config.admin.port: expected a number above 0, found %v: the probes go there" $port) -}}
{{- end -}}
{{- $graceMs := dig "shutdown" "graceMs" 25000 $config -}}
{{- if kindIs "string" $graceMs -}}
{{- $problems = append $problems (printf "config.shutdown.graceMs: expected a number, found %s: terminationGracePeriodSeconds follows from it" $graceMs) -}}
{{- end -}}
{{- range .Values.targets -}}
{{- if not (hasKey $config.targets .) -}}
{{- $problems = append $problems (printf "targets: expected names of config.targets (%s), found %s" (keys $config.targets | sortAlpha | join ", ") .) -}}
{{- end -}}
{{- end -}}
{{- $mounts := list "/var/run/secrets" -}}
{{- range .Values.secrets }}{{ $mounts = append $mounts (printf "/run/secrets/%s" (default .name .path)) }}{{ end -}}
{{- range .Values.extraVolumeMounts }}{{ $mounts = append $mounts .mountPath }}{{ end -}}
{{- range regexFindAll "[$]+\\{file:[^}]+\\}" (toYaml $config) -1 | uniq -}}
{{- $file := regexReplaceAll "^[$]+\\{file:|\\}$" . "" -}}
{{- if and (not (hasPrefix "$$" .)) (not (include "avro-scim.isBelow" (dict "path" $file "folders" $mounts))) (not (hasKey (default dict $.Values.files) $file)) -}}
{{- $problems = append $problems (printf "config: the file %s is mounted by none of secrets and extraVolumeMounts: expected a path such as /run/secrets/NAME/KEY" $file) -}}
{{- end -}}
{{- end -}}
{{- $audit := dig "audit" "file" "" $config -}}
{{- if and $audit (not (include "avro-scim.isBelow" (dict "path" $audit "folders" $mounts))) -}}
{{- $problems = append $problems (printf "config.audit.file: expected a path below one of extraVolumeMounts, found %s: the rest is read-only" $audit) -}}
{{- end -}}
{{- range include "avro-scim.writtenSecrets" (dict "path" "config" "key" "" "value" $config) | trim | splitList "\n" | compact -}}
{{- $problems = append $problems (printf "%s: expected ${file:/run/secrets/NAME/KEY} or ${env:NAME} in place of a secret: the config is kept in a ConfigMap" .) -}}
{{- end -}}
{{- $folders := list -}}
{{- range .Values.secrets -}}
{{- $folder := default .name .path -}}
{{- if has $folder $folders -}}
{{- $problems = append $problems (printf "secrets: expected each folder once, found /run/secrets/%s again: `path` gives another" $folder) -}}
{{- end -}}
{{- $folders = append $folders $folder -}}
{{- end -}}
{{- range list "avro-scim.yaml" "helm-test.jsonl" -}}
{{- if hasKey (default dict $.Values.files) . -}}
{{- $problems = append $problems (printf "files: expected no file %s: the chart has its own" .) -}}
{{- end -}}
{{- end -}}
{{- $isLimited := and (eq .Values.mode "deployment") .Values.networkPolicy.enabled (not .Values.networkPolicy.ports) -}}
{{- range include "avro-scim.unknownPorts" . | trim | splitList "\n" | compact -}}
{{- if $isLimited -}}
{{- $problems = append $problems (printf "networkPolicy.ports: expected the ports of %s, which comes from a file or the environment" .) -}}
{{- end -}}
{{- end -}}
{{- $kafka := default dict $config.kafka -}}
{{- if and .Values.autoscaling.enabled (eq .Values.autoscaling.kind "keda") (eq .Values.mode "deployment") -}}
{{- range $name := list "brokers" "topics" "groupPrefix" -}}
{{- if regexMatch "(^|[^$])[$]\\{(env|file):" (toJson (get $kafka $name)) -}}
{{- $problems = append $problems (printf "config.kafka.%s: expected it written out, since autoscaling.kind is keda, which can not read files and environment of the pods" $name) -}}
{{- end -}}
{{- end -}}
{{- end -}}
{{- with .Values.autoscaling -}}
{{- if and .enabled (lt (int .maxReplicas) (int .minReplicas)) -}}
{{- $problems = append $problems (printf "autoscaling.maxReplicas: expected at least minReplicas (%v), found %v" .minReplicas .maxReplicas) -}}
{{- end -}}
{{- end -}}
{{- if $problems -}}
{{- fail (printf "\n%s" (join "\n" $problems)) -}}
{{- end -}}
{{- end -}}

{{- /* Not empty when the path lies below one of the folders. */ -}}
{{- define "avro-scim.isBelow" -}}
{{- $path := .path -}}
{{- range .folders }}{{ if hasPrefix (printf "%s/" (trimSuffix "/" .)) $path }}yes{{ end }}{{ end -}}
{{- end -}}
