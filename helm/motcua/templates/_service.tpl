{{- /* All that one service needs; takes {root, service, of}. */ -}}
{{- define "motcua.service" -}}
{{- $name := include "motcua.name" . -}}
apiVersion: v1
kind: ServiceAccount
metadata:
  name: {{ $name }}
  namespace: {{ .root.Release.Namespace }}
  labels: {{- include "motcua.labels" . | nindent 4 }}
automountServiceAccountToken: false
---
apiVersion: v1
kind: Service
metadata:
  name: {{ $name }}
  namespace: {{ .root.Release.Namespace }}
  labels: {{- include "motcua.labels" . | nindent 4 }}
spec:
  selector: {{- include "motcua.selector" . | nindent 4 }}
  ports:
    - { name: grpc, port: 50051, targetPort: grpc, appProtocol: https }
    - { name: http, port: 8080, targetPort: http }
---
apiVersion: apps/v1
kind: Deployment
metadata:
  name: {{ $name }}
  namespace: {{ .root.Release.Namespace }}
  labels: {{- include "motcua.labels" . | nindent 4 }}
spec:
  replicas: {{ .of.replicas }}
  selector:
    matchLabels: {{- include "motcua.selector" . | nindent 6 }}
  strategy:
    rollingUpdate: { maxSurge: 1, maxUnavailable: 0 }
  template:
    metadata:
      labels: {{- include "motcua.labels" . | nindent 8 }}
      annotations:
        motcua/config: {{ .root.Values.config | sha256sum }}
    spec:
      serviceAccountName: {{ $name }}
      automountServiceAccountToken: false
      enableServiceLinks: false
      terminationGracePeriodSeconds: {{ .root.Values.terminationGracePeriodSeconds }}
      securityContext: {{- include "motcua.podSecurity" . | nindent 8 }}
      {{- with .root.Values.imagePullSecrets }}
      imagePullSecrets: {{- toYaml . | nindent 8 }}
      {{- end }}
      topologySpreadConstraints:
        - maxSkew: 1
          topologyKey: kubernetes.io/hostname
          whenUnsatisfiable: ScheduleAnyway
          labelSelector:
            matchLabels: {{- include "motcua.selector" . | nindent 14 }}
      containers:
        - name: {{ .service }}
          image: {{ include "motcua.image" .root }}
          imagePullPolicy: {{ .root.Values.image.pullPolicy }}
          args: [serve, --only, {{ .service }}, --config, /etc/motcua/motcua.toml]
          env:
            - { name: MOTCUA__SERVER__GRPC, value: "0.0.0.0:50051" }
            - { name: MOTCUA__SERVER__HTTP, value: "0.0.0.0:8080" }
            # The image itself cannot be written to.
            - { name: MOTCUA__SERVER__DATA, value: /tmp/motcua }
            - { name: MOTCUA__KEYS__DIR, value: /etc/motcua/keys }
            - { name: MOTCUA__TLS__DIR, value: /etc/motcua/tls }
            - { name: MOTCUA__TLS__CERT, value: tls.crt }
            - { name: MOTCUA__TLS__KEY, value: tls.key }
            {{- with .root.Values.trustedProxies }}
            - name: MOTCUA__SERVER__TRUSTED_PROXIES
              value: {{ toJson . | quote }}
            {{- end }}
            {{- if .of.files }}
            - { name: MOTCUA__FILES__URL, value: "file:///var/lib/motcua/files" }
            {{- end }}
            {{- include "motcua.peers" .root | nindent 12 }}
          envFrom:
            - secretRef: { name: {{ .root.Values.secrets.shared }} }
            - secretRef: { name: {{ printf "%s-%s" .root.Values.secrets.perService .service }} }
          ports:
            - { name: grpc, containerPort: 50051 }
            - { name: http, containerPort: 8080 }
          startupProbe:
            httpGet: { path: /healthz/startup, port: http }
            periodSeconds: 2
            failureThreshold: 60
          livenessProbe:
            httpGet: { path: /healthz/live, port: http }
            periodSeconds: 10
            timeoutSeconds: 3
          readinessProbe:
            httpGet: { path: /healthz/ready, port: http }
            periodSeconds: 5
            timeoutSeconds: 3
          resources: {{- toYaml .of.resources | nindent 12 }}
          securityContext: {{- include "motcua.containerSecurity" . | nindent 12 }}
          volumeMounts:
            - { name: config, mountPath: /etc/motcua/motcua.toml, subPath: motcua.toml, readOnly: true }
            - { name: keys, mountPath: /etc/motcua/keys, readOnly: true }
            # A whole folder: what is renewed would not come through a subPath.
            - { name: tls, mountPath: /etc/motcua/tls, readOnly: true }
            - { name: scratch, mountPath: /tmp }
            {{- if .of.files }}
            - { name: files, mountPath: /var/lib/motcua/files }
            {{- end }}
      volumes:
        - name: config
          configMap: { name: {{ include "motcua.name" (dict "root" .root "service" "config") }} }
        - name: keys
          projected:
            defaultMode: 0440
            sources:
              - secret: { name: {{ printf "%s-%s" .root.Values.secrets.keys .service }} }
              - secret: { name: {{ printf "%s-public" .root.Values.secrets.keys }} }
        - name: tls
          secret: { secretName: {{ printf "%s-%s" .root.Values.secrets.tls .service }}, defaultMode: 0440 }
        {{- if .of.files }}
        - name: files
          persistentVolumeClaim: { claimName: {{ $name }}-files }
        {{- end }}
        - name: scratch
          emptyDir: { sizeLimit: 1Gi }
{{- with .of.files }}
---
apiVersion: v1
kind: PersistentVolumeClaim
metadata:
  name: {{ $name }}-files
  namespace: {{ $.root.Release.Namespace }}
  labels: {{- include "motcua.labels" $ | nindent 4 }}
  annotations:
    helm.sh/resource-policy: keep
spec:
  accessModes: [ReadWriteMany]
  {{- with $.root.Values.files.storageClassName }}
  storageClassName: {{ . }}
  {{- end }}
  resources:
    requests: { storage: {{ .size }} }
{{- end }}
{{- if gt (int .of.replicas) 1 }}
---
apiVersion: policy/v1
kind: PodDisruptionBudget
metadata:
  name: {{ $name }}
  namespace: {{ .root.Release.Namespace }}
  labels: {{- include "motcua.labels" . | nindent 4 }}
spec:
  maxUnavailable: 1
  selector:
    matchLabels: {{- include "motcua.selector" . | nindent 6 }}
{{- end }}
{{- end }}
