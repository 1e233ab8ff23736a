import {z} from 'zod';
import {filled, hostAndPort, httpUrl, milliseconds, optionalTls} from './common.ts';

const registryAuth = z.union([
  z.strictObject({bearer: filled.describe('Bearer token.')}),
  z.strictObject({
    basic: z
      .strictObject({username: filled.describe('User name.'), password: filled.describe('Password.')})
      .describe('User name and password.'),
  }),
]);

/** The schema registry, with the Confluent API. */
export const registrySchema = z.strictObject({
  url: httpUrl
    .default('http://127.0.0.1:8081')
    .describe('Address of the registry, with the path of its Confluent API when it has one.'),
  auth: registryAuth
    .optional()
    .describe('How to sign in at the registry.')
    .meta({
      examples: [
        {basic: {username: 'avro-scim', password: '${env:REGISTRY_PASSWORD}'}},
        {bearer: '${file:/run/secrets/registry}'},
      ],
    }),
  tls: optionalTls('the registry'),
  timeoutMs: milliseconds.default(5_000).describe('How long one question to the registry may take.'),
});

const nodes = z.array(hostAndPort).min(1, 'expected at least one node');

const sentinel = z.strictObject({
  name: filled.describe('Name of the primary that the sentinels watch.'),
  nodes: nodes.describe('The sentinels, `host:port`.'),
  username: filled.optional().describe('User name at Redis.'),
  password: filled.optional().describe('Password at Redis.'),
  sentinelPassword: filled.optional().describe('Password at the sentinels.'),
  database: z.int().min(0).default(0).describe('Number of the database.'),
});

const cluster = z.strictObject({
  nodes: nodes.describe('Nodes of the cluster to start from, `host:port`.'),
  username: filled.optional().describe('User name.'),
  password: filled.optional().describe('Password.'),
});

/** Redis: state, lanes, dead letters. `sentinel` or `cluster` take the place of `url`. */
export const redisSchema = z
  .strictObject({
    url: z
      .url({protocol: /^rediss?$/, error: 'expected an address with redis:// or rediss://'})
      .default('redis://127.0.0.1:6379/0')
      .describe('Address of one Redis; `rediss://` for TLS.'),
    sentinel: sentinel
      .optional()
      .describe('Redis behind sentinels, instead of `url`.')
      .meta({
        examples: [
          {
            name: 'main',
            nodes: ['redis-1.example:26379', 'redis-2.example:26379'],
            password: '${env:REDIS_PASSWORD}',
          },
        ],
      }),
    cluster: cluster
      .optional()
      .describe('Redis Cluster, instead of `url`.')
      .meta({
        examples: [
          {nodes: ['redis-1.example:6379', 'redis-2.example:6379'], password: '${env:REDIS_PASSWORD}'},
        ],
      }),
    prefix: z
      .string()
      .regex(/^[A-Za-z0-9._-]+$/, 'expected letters, digits, dots, hyphens and underscores')
      .default('avro-scim')
      .describe('Every key begins with it. Two installations in one Redis need two.'),
    tls: optionalTls('Redis'),
    allowVolatile: z
      .boolean()
      .default(false)
      .describe(
        'Run although Redis does not persist (no AOF): after a loss of Redis, everything is caught up again.',
      ),
    fsyncIntervalMs: milliseconds
      .optional()
      .describe(
        'How long Redis may hold a write before it is on disk: an offset is committed no sooner. Absent: by its `appendfsync`.',
      )
      .meta({examples: [2_000]}),
  })
  .refine((redis) => redis.sentinel === undefined || redis.cluster === undefined, {
    error: 'expected sentinel or cluster, found both',
  });

/** OpenTelemetry traces. */
export const tracesSchema = z.strictObject({
  endpoint: httpUrl
    .optional()
    .describe('Where spans are sent, by OTLP over HTTP with protobuf: the whole address, with its path.')
    .meta({examples: ['http://127.0.0.1:4318/v1/traces']}),
  headers: z
    .record(z.string().regex(/^[A-Za-z0-9!#$%&'*+.^_`|~-]+$/, 'expected the name of a header'), filled)
    .optional()
    .describe('Headers of those requests.')
    .meta({examples: [{authorization: 'Bearer ${file:/run/secrets/traces}'}]}),
  sampleRatio: z
    .number()
    .min(0)
    .max(1)
    .default(1)
    .describe(
      'Share of the traces that begin here; of an event that comes with one, that one’s flag decides.',
    ),
  serviceName: filled.default('avro-scim').describe('`service.name` of the spans.'),
});
