import {z} from 'zod';
import type {ProtectionSettings} from '../core/protection.ts';
import {adminSchema} from './schema/admin.ts';
import {auditSchema} from './schema/audit.ts';
import {bytes, filled, milliseconds} from './schema/common.ts';
import {kafkaSchema} from './schema/kafka.ts';
import {gateSchema, requestSchema, retrySchema, windowSchema} from './schema/policies.ts';
import {redisSchema, registrySchema, tracesSchema} from './schema/services.ts';
import {protectedSchema, targetSchema} from './schema/target.ts';

const eventSchema = z.strictObject({
  maxBytes: bytes.prefault('1MiB').describe('Largest encoded event; a larger one is a dead letter.'),
  schema: filled
    .optional()
    .describe('File of a reader schema that takes the place of the program’s own.')
    .meta({examples: ['schemas/identity-event.avsc']}),
});

const eventMapSchema = z.strictObject({
  schema: filled.describe('Full name of the writer’s schema, with its namespace.'),
  map: filled.describe(
    'File with a JSONata expression that makes an event of a record; relative to this file, read at the start.',
  ),
  key: filled.optional().describe('JSONata: the subject’s id. Absent: the record’s key.'),
});

const deadLettersSchema = z.strictObject({
  mirror: z.boolean().default(false).describe('Also write each dead letter to a Kafka topic.'),
  suffix: z
    .string()
    .regex(/^[A-Za-z0-9._-]+$/, 'expected letters, digits, dots, hyphens and underscores')
    .default('.dead-letters')
    .describe('That topic’s name is the source topic’s with this after it.'),
});

/** The whole file. Every setting is here once: validation, types, documentation and the example follow from it. */
export const configSchema = z
  .strictObject({
    kafka: kafkaSchema.prefault({}).describe('Brokers and topics.'),
    registry: registrySchema.prefault({}).describe('Schema registry with the Confluent API.'),
    redis: redisSchema.prefault({}).describe('Redis: state, lanes, dead letters.'),
    admin: adminSchema.prefault({}).describe('Health, metrics and the API over HTTP.'),
    window: windowSchema.prefault({}).describe('How far reading runs ahead of the work, a target.'),
    event: eventSchema.prefault({}).describe('What is taken for an event.'),
    events: z
      .array(eventMapSchema)
      .default([])
      .describe(
        'Topics in schemas of your own, and how their records become events: see docs/events.md. With any, a record whose schema is named nowhere is skipped.',
      )
      .meta({
        examples: [[{schema: 'com.acme.hr.Employee', map: 'employee.jsonata', key: '$string(employeeId)'}]],
      }),
    retry: retrySchema.prefault({}).describe('How a failed change is tried again.'),
    gate: gateSchema.prefault({}).describe('When a target is left alone, and how it is asked again.'),
    request: requestSchema.prefault({}).describe('Bounds of one request to a target.'),
    shutdown: z
      .strictObject({
        graceMs: milliseconds
          .default(25_000)
          .describe('How long a stop may take; less than the orchestrator’s own.'),
      })
      .prefault({})
      .describe('Stopping.'),
    deadLetters: deadLettersSchema.prefault({}).describe('Dead letters outside Redis.'),
    audit: auditSchema.prefault({}).describe('The audit: where its records go, and how they are proved.'),
    traces: tracesSchema
      .prefault({})
      .describe('OpenTelemetry traces, by OTLP: see docs/traces.md. Off without an endpoint.'),
    protected: protectedSchema.prefault({}).describe('Accounts that are never changed, at any target.'),
    log: z
      .strictObject({
        level: z
          .enum(['debug', 'info', 'warn', 'error'])
          .default('info')
          .describe('Least important line that is written. Personal data appears at `debug` alone.'),
      })
      .prefault({})
      .describe('The log, JSON lines on standard output.'),
    targets: z
      .record(z.string(), targetSchema)
      .refine((targets) => Object.keys(targets).length > 0, 'expected at least one target')
      .describe('The targets, by name.'),
  })
  .refine(({kafka, audit}) => audit.topic === undefined || !kafka.topics.includes(audit.topic), {
    path: ['audit', 'topic'],
    error: 'expected a topic of its own, found one of kafka.topics: what it reads it would write again',
  });

/** The file as it stands after validation and defaults, before the targets' overrides are merged. */
export type FileConfig = z.output<typeof configSchema>;
type FileTarget = FileConfig['targets'][string];

/**
 * One target with every setting it goes by; `config` is what its connector's own schema made of it, and `secretFiles` are
 * the files that it names, absolute.
 */
export type TargetConfig = Omit<FileTarget, 'window' | 'retry' | 'gate' | 'request' | 'protected'> &
  Pick<FileConfig, 'window' | 'retry' | 'gate' | 'request'> & {
    name: string;
    secretFiles: readonly string[];
    protected: ProtectionSettings;
  };

/** One mapping of own events, with the text of its map. */
export type EventConfig = FileConfig['events'][number] & {text: string};

/** What the program runs by. */
export type Config = Omit<FileConfig, 'targets' | 'events'> & {
  targets: Record<string, TargetConfig>;
  events: readonly EventConfig[];
};
