{{- /* What every object of the release is labelled with; takes {root, service}. */ -}}
{{- define "motcua.labels" -}}
{{ include "motcua.selector" . }}
app.kubernetes.io/part-of: motcua
app.kubernetes.io/version: {{ .root.Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .root.Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .root.Chart.Name .root.Chart.Version }}
{{- end }}

{{- define "motcua.selector" -}}
app.kubernetes.io/name: motcua
app.kubernetes.io/instance: {{ .root.Release.Name }}
app.kubernetes.io/component: {{ .service }}
{{- end }}

{{- define "motcua.name" -}}
{{ printf "%s-%s" .root.Release.Name .service | trunc 63 | trimSuffix "-" }}
{{- end }}

{{- define "motcua.image" -}}
{{ printf "%s:%s" .Values.image.repository (.Values.image.tag | default .Chart.AppVersion) }}
{{- end }}

{{- /* Nobody, on a file system that cannot be written. */ -}}
{{- define "motcua.podSecurity" -}}
runAsNonRoot: true
runAsUser: 10001
runAsGroup: 10001
fsGroup: 10001
seccompProfile:
  type: RuntimeDefault
{{- end }}

{{- define "motcua.containerSecurity" -}}
allowPrivilegeEscalation: false
readOnlyRootFilesystem: true
capabilities:
  drop: [ALL]
{{- end }}

{{- /* Where each service finds the others. */ -}}
{{- define "motcua.peers" -}}
{{- range $service, $own := .Values.services }}
- name: MOTCUA__PEERS__{{ upper $service }}
  value: https://{{ include "motcua.name" (dict "root" $ "service" $service) }}:50051
{{- end }}
{{- end }}
