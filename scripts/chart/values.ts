import {z} from 'zod';
import {connectors} from '../../connectors/index.ts';
import {configJsonSchema} from '../../src/config/json-schema.ts';
import {shapeOf, type JsonSchema} from '../../src/config/shape.ts';
import {valueTexts} from './values-text.ts';

const text = z.string();
const count = z.int().positive();
const amount = z.int().min(0);
const texts = z.record(text, text);
/** What Kubernetes itself checks. */
const given = z.record(text, z.unknown());
const list = z.array(given);
const probe = z.strictObject({periodSeconds: count, timeoutSeconds: count, failureThreshold: count});
const name = text.regex(/^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$/);
const optionalName = text.regex(/^([a-z0-9]([a-z0-9.-]*[a-z0-9])?)?$/);
const fileName = text.regex(/^[A-Za-z0-9_][A-Za-z0-9._-]*$/);
const percentOrCount = z.union([amount, text.regex(/^[0-9]+%$/)]);

/** The chart's own values beside `config`, as its values.yaml has them; a test compares the two. */
const ownValues = z
  .strictObject({
    global: z.unknown(),
    mode: z.enum(['deployment', 'sidecar']),
    nameOverride: optionalName,
    fullnameOverride: optionalName,
    commonLabels: texts,
    annotations: texts,
    image: z.strictObject({
      repository: text.min(1),
      tag: text,
      digest: text.regex(/^(sha256:[0-9a-f]{64})?$/),
      pullPolicy: z.enum(['Always', 'IfNotPresent', 'Never']),
    }),
    imagePullSecrets: z.array(z.strictObject({name})),
    files: z.record(fileName, text),
    secrets: z.array(
      z
        .strictObject({name, path: fileName, keys: z.array(fileName).min(1)})
        .partial()
        .required({name: true}),
    ),
    env: list,
    envFrom: list,
    targets: z.array(text.min(1)),
    replicas: amount,
    strategy: given,
    terminationMarginSeconds: count,
    resources: given,
    podSecurityContext: given,
    securityContext: given,
    probes: z.strictObject({startup: probe, liveness: probe, readiness: probe}).partial(),
    topologySpread: list,
    podLabels: texts,
    podAnnotations: texts,
    nodeSelector: texts,
    tolerations: list,
    affinity: given,
    priorityClassName: text,
    extraVolumes: list,
    extraVolumeMounts: list,
    initContainers: list,
    extraContainers: list,
    serviceAccount: z.strictObject({
      create: z.boolean(),
      name: optionalName,
      annotations: texts,
      aws: z.strictObject({
        roleArn: text.regex(/^(arn:aws[a-z-]*:iam::[0-9]{12}:role\/.+)?$/),
      }),
      azure: z.strictObject({clientId: text}),
      gcp: z.strictObject({serviceAccount: text}),
    }),
    service: z.strictObject({
      enabled: z.boolean(),
      type: z.enum(['ClusterIP', 'NodePort', 'LoadBalancer']),
      port: z.int().min(1).max(65_535),
      annotations: texts,
    }),
    podMonitor: z.strictObject({
      enabled: z.boolean(),
      interval: text.regex(/^[0-9]+(ms|s|m)$/),
      labels: texts,
    }),
    prometheusRule: z.strictObject({
      enabled: z.boolean(),
      labels: texts,
      without: z.array(text),
      runbook: text,
    }),
    networkPolicy: z.strictObject({
      enabled: z.boolean(),
      from: list,
      to: list,
      ports: z.array(z.int().min(1).max(65_535)),
    }),
    podDisruptionBudget: z.strictObject({enabled: z.boolean(), maxUnavailable: percentOrCount}),
    autoscaling: z.strictObject({
      enabled: z.boolean(),
      kind: z.enum(['keda', 'hpa']),
      minReplicas: count,
      maxReplicas: count,
      lag: count,
      keda: z.strictObject({pollingInterval: count, authentication: optionalName}),
    }),
    checkHook: z.strictObject({
      enabled: z.boolean(),
      offline: z.boolean(),
      backoffLimit: amount,
      activeDeadlineSeconds: count,
      podAnnotations: texts,
    }),
    test: z.strictObject({
      enabled: z.boolean(),
      topic: text.regex(/^[A-Za-z0-9._-]{0,249}$/),
      subject: text.min(1),
      timeoutSeconds: count,
      podAnnotations: texts,
    }),
    sidecar: z.strictObject({podLabels: texts, native: z.boolean()}),
    bundledRedis: z.strictObject({
      enabled: z.boolean(),
      image: text.min(1),
      storage: text.min(1),
      storageClass: text,
      maxMemory: text.regex(/^[0-9]+(kb|mb|gb)$/),
      resources: given,
    }),
  })
  .partial();

/**
 * JSON Schema of the chart's values, draft 7, which every Helm that is in use reads: the chart's own, with the words of its
 * values.yaml, and below `config` the program's own. Nothing is required, since values.yaml has what is left out.
 */
export function valuesSchema(valuesYaml: string): JsonSchema {
  const own = withoutRequired(shapeOf(ownValues));
  const {$defs, config} = withoutHead(configJsonSchema(connectors.map(({manifest}) => manifest)));
  const {properties = {}} = own;
  const {mode, ...others} = properties;
  const whole = {...own, properties: {...(mode && {mode}), config, ...others}};
  for (const {path, describe} of valueTexts(valuesYaml)) describeAt(whole, path, describe);
  return {title: 'Values of the chart avro-scim', ...whole, $schema: draft7, $defs} as JsonSchema;
}

/** The program's schema to stand below another; its definitions stay where its references find them, at the root. */
function withoutHead(schema: JsonSchema): {$defs: unknown; config: JsonSchema} {
  const config: JsonSchema & {$schema?: string; title?: string; $defs?: unknown} = {...schema};
  const {$defs} = config;
  delete config.$schema;
  delete config.title;
  delete config.$defs;
  return {$defs, config};
}

const draft7 = 'http://json-schema.org/draft-07/schema#';

/** A value of a map that values.yaml fills in may be left out; that of a list's item may not. */
function withoutRequired(shape: JsonSchema): JsonSchema {
  if (!shape.properties) return shape;
  const every = Object.entries(shape.properties).map(([key, one]) => [key, withoutRequired(one)] as const);
  const free: JsonSchema = {...shape, properties: Object.fromEntries(every)};
  delete free.required;
  return free;
}

/** The words are those of values.yaml; `config` has its own. */
function describeAt(whole: JsonSchema, path: readonly string[], describe: string): void {
  const [first] = path;
  if (first === 'config' && path.length > 1) return;
  const at = path.reduce<JsonSchema | undefined>((shape, part) => shape?.properties?.[part], whole);
  if (at) at.description = describe;
}
