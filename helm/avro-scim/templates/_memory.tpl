{{- /* MiB of a size of bytes, as the config (64MiB, 512 kB, a number) or Kubernetes (512Mi, 1G) says it, rounded up; 0 where it can not be told. */ -}}
{{- define "avro-scim.mebibytes" -}}
{{- $text := toString (kindIs "float64" . | ternary (printf "%.0f" (float64 .)) .) -}}
{{- $units := dict "" 1 "b" 1 "k" 1000 "m" 1000000 "g" 1000000000 "ki" 1024 "mi" 1048576 "gi" 1073741824 -}}
{{- $unit := regexFind "[A-Za-z]*$" $text | lower -}}
{{- $unit = eq $unit "b" | ternary $unit (trimSuffix "b" $unit) -}}
{{- if and (regexMatch "^[0-9]+ ?[A-Za-z]*$" $text) (hasKey $units $unit) -}}
{{- div (add (mul (regexFind "^[0-9]+" $text | int64) (get $units $unit)) 1048575) 1048576 -}}
{{- else -}}
0
{{- end -}}
{{- end -}}

{{- /* MiB that a pod may come to take: the program's own, and what the windows of the served targets hold when they are full. */ -}}
{{- define "avro-scim.mebibytesNeeded" -}}
{{- $sum := 200 -}}
{{- $usual := dig "window" "maxBytes" "64MiB" .Values.config -}}
{{- range $name := include "avro-scim.targets" . | splitList "\n" -}}
{{- $own := dig $name "window" "maxBytes" $usual $.Values.config.targets -}}
{{- $sum = add $sum (include "avro-scim.mebibytes" $own | int64) -}}
{{- end -}}
{{- $sum -}}
{{- end -}}
