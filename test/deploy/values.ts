import type {ChartValues} from '../../scripts/chart/helm.ts';

/** A config with what a cluster needs of it, and one target. */
export const config = {
  kafka: {brokers: ['kafka-0.example:9092', 'kafka-1.example:9092']},
  registry: {url: 'http://registry.example:8081'},
  redis: {url: 'rediss://redis.example:6380/0'},
  targets: {
    wiki: {
      connector: 'scim',
      config: {
        baseUrl: 'https://wiki.example:8443/scim/v2',
        auth: {bearer: '${file:/run/secrets/wiki/token}'},
      },
    },
  },
};

/** The same without one of its parts. */
export const configWithout = (part: keyof typeof config): ChartValues =>
  Object.fromEntries(Object.entries(config).filter(([key]) => key !== part));

/** The least that the chart takes. */
export const least: ChartValues = {config, secrets: [{name: 'wiki', keys: ['token']}]};

/** Kinds of others that the chart uses where the cluster knows them. */
export const otherKinds = [
  'monitoring.coreos.com/v1/PodMonitor',
  'monitoring.coreos.com/v1/PrometheusRule',
  'keda.sh/v1alpha1/ScaledObject',
];

const restricted = {
  allowPrivilegeEscalation: false,
  readOnlyRootFilesystem: true,
  capabilities: {drop: ['ALL']},
};

/** Everything that is off by itself turned on, and every list and text filled. */
export const full: ChartValues = {
  ...least,
  commonLabels: {'cost-center': 'identity'},
  annotations: {note: 'of the deployment'},
  imagePullSecrets: [{name: 'pull'}],
  files: {'employee.jsonata': '{"user": {{"id": employeeId}}}\n'},
  secrets: [
    {name: 'wiki', keys: ['token']},
    {name: 'tls.of.kafka', path: 'kafka'},
  ],
  env: [{name: 'TZ', value: 'UTC'}],
  envFrom: [{secretRef: {name: 'environment'}}],
  targets: ['wiki'],
  podLabels: {team: 'identity'},
  podAnnotations: {note: 'of the pods'},
  nodeSelector: {'kubernetes.io/arch': 'arm64'},
  tolerations: [{key: 'dedicated', operator: 'Exists'}],
  affinity: {
    podAntiAffinity: {
      preferredDuringSchedulingIgnoredDuringExecution: [
        {
          weight: 1,
          podAffinityTerm: {topologyKey: 'kubernetes.io/hostname', labelSelector: {matchLabels: {a: 'b'}}},
        },
      ],
    },
  },
  priorityClassName: 'high',
  extraVolumes: [{name: 'audit', persistentVolumeClaim: {claimName: 'audit'}}],
  extraVolumeMounts: [{name: 'audit', mountPath: '/var/log/avro-scim'}],
  initContainers: [{name: 'first', image: 'first:1'}],
  extraContainers: [{name: 'beside', image: 'beside:1', securityContext: restricted}],
  serviceAccount: {
    annotations: {note: 'of the account'},
    aws: {roleArn: 'arn:aws:iam::123456789012:role/avro-scim'},
    azure: {clientId: '11111111-2222-3333-4444-555555555555'},
    gcp: {serviceAccount: 'avro-scim@project.iam.gserviceaccount.com'},
  },
  service: {enabled: true, annotations: {note: 'of the service'}},
  podMonitor: {labels: {release: 'prometheus'}},
  prometheusRule: {
    labels: {release: 'prometheus'},
    without: ['AvroScimPaused'],
    runbook: 'https://docs.example/runbook.md',
  },
  networkPolicy: {
    enabled: true,
    from: [{namespaceSelector: {matchLabels: {'kubernetes.io/metadata.name': 'monitoring'}}}],
    to: [{ipBlock: {cidr: '10.0.0.0/8'}}],
    ports: [9096],
  },
  autoscaling: {enabled: true, keda: {authentication: 'kafka'}},
  checkHook: {podAnnotations: {note: 'of the check'}},
  test: {podAnnotations: {note: 'of the test'}},
};

/** Values with the parts of others in place of their own, map by map. */
export function over(values: ChartValues, others: ChartValues): ChartValues {
  const isMap = (value: unknown): value is ChartValues =>
    typeof value === 'object' && value !== null && !Array.isArray(value);
  const merged = Object.entries(others).map(([key, value]) => {
    const below = values[key];
    return [key, isMap(value) && isMap(below) && Object.keys(value).length > 0 ? over(below, value) : value];
  });
  return {...values, ...(Object.fromEntries(merged) as ChartValues)};
}

/** The same for a trial: a Redis that comes with it. */
export function trial(values: ChartValues): ChartValues {
  return {...values, config: configWithout('redis'), bundledRedis: {enabled: true}};
}

/** Values in which one stands at a path: `image.tag`. */
export const at = (path: string, value: unknown): ChartValues =>
  path.split('.').reduceRight<unknown>((below, key) => ({[key]: below}), value) as ChartValues;
